package dev.retrain.job.output;

import dev.retrain.model.ModelFiles;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a training's results go.
 *
 * @param model the model's files
 * @param finalTensorName name of the graph's output
 * @param summariesDir TensorBoard's directory
 * @param plotsDir where the plots go; absent means none are drawn
 */
public record TrainOutputs(
    ModelFiles model, String finalTensorName, Path summariesDir, Optional<Path> plotsDir) {
  /**
   * All of them in one directory: {@code output_graph.pb} with its labels and description, {@code
   * retrain_logs} and {@code image}.
   *
   * @param directory which
   */
  public static TrainOutputs in(Path directory) {
    return new TrainOutputs(
        new ModelFiles(
            directory.resolve("output_graph.pb"), directory.resolve("output_labels.txt")),
        "final_result",
        directory.resolve("retrain_logs"),
        Optional.of(directory.resolve("image")));
  }

  /** The first file of an earlier result that would be written over. */
  public Optional<Path> earlierResult() {
    return List.of(model.graph(), model.labels(), model.description()).stream()
        .filter(Files::exists)
        .findFirst();
  }

  /** Makes the directories, so that a wrong path is told before the work, not after it. */
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
        throw new RetrainException(
            "The directory %s can't be made (%s).".formatted(directory, e), e);
      }
      if (!Files.isWritable(directory)) {
        throw new RetrainException("The directory %s can't be written to.".formatted(directory));
      }
    }
    for (Path file : List.of(model.graph(), model.labels(), model.description())) {
      if (Files.isDirectory(file)) {
        throw new RetrainException(
            "%s is a directory, but a file is to be written there; move it, or name another."
                .formatted(file));
      }
    }
  }
}
