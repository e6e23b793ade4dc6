package dev.retrain.job.output;

import dev.retrain.model.ModelFiles;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the results of a training go.
 *
 * @param model the model's files
 * @param finalTensorName name of the graph's output node
 * @param summariesDir TensorBoard's directory
 * @param plotsDir the directory of the plots; absent if none are drawn
 */
public record TrainOutputs(
    ModelFiles model, String finalTensorName, Path summariesDir, Optional<Path> plotsDir) {
  /**
   * All results in one directory: {@code output_graph.pb} with its labels and metadata, {@code
   * retrain_logs} and {@code image}.
   */
  public static TrainOutputs in(Path directory) {
    return new TrainOutputs(
        new ModelFiles(
            directory.resolve("output_graph.pb"), directory.resolve("output_labels.txt")),
        "final_result",
        directory.resolve("retrain_logs"),
        Optional.of(directory.resolve("image")));
  }

  /** The first file of an earlier model that would be overwritten. */
  public Optional<Path> earlierResult() {
    return List.of(model.graph(), model.labels(), model.metadata()).stream()
        .filter(Files::exists)
        .findFirst();
  }

  /**
   * Creates the directories, so that a wrong path is reported before the training.
   *
   * @throws RetrainException if a directory can't be created or written to, or a directory has the
   *     name of an output file
   */
  public void prepare() {
    List<Path> directories = new ArrayList<>();
    directories.add(model.graph().toAbsolutePath().getParent());
    directories.add(model.labels().toAbsolutePath().getParent());
    directories.add(summariesDir);
    plotsDir.ifPresent(directories::add);
    for (Path directory : directories) {
      try {
        Directories.create(directory);
      } catch (IOException e) {
        throw new RetrainException(e.getMessage(), e);
      }
      if (!Files.isWritable(directory)) {
        throw new RetrainException(
            "The directory %s is not writable. Change its permissions or choose another directory.",
            directory);
      }
    }
    for (Path file : List.of(model.graph(), model.labels(), model.metadata())) {
      if (Files.isDirectory(file)) {
        throw new RetrainException(
            "%s is a directory, but the model is written to a file of this name; move the directory,"
                + " or change %s.",
            file, Setting.OUTPUT_GRAPH);
      }
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw new RetrainException(
            "%s is a device or a pipe, but the model is written to a file; change %s.",
            file, Setting.OUTPUT_GRAPH);
      }
    }
  }
}
