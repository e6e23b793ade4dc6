package dev.retrain.cli.option;

import dev.retrain.backbone.format.FileFormats.Expected;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.header.ImageFormat;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A trained model; the default is where 'train' writes it. */
public final class ModelParameter {
  private static final int HEAD = 64;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description =
          "The model's graph, as 'train' or retrain.py wrote it. Default: ${DEFAULT-VALUE}.")
  private Path model = Path.of("tmp/output_graph.pb");

  /** The file of the model's graph, which exists. */
  public Path existingFile() {
    return requireFile(spec, model);
  }

  /** Whether a file is an image: a graph never starts like one. */
  public static boolean isImage(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      ImageFormat.detect(in.readNBytes(HEAD));
      return true;
    } catch (IOException | UnreadableImageException e) {
      return false;
    }
  }

  /**
   * @param command the command that has the model as a parameter
   * @param model the file of a model's graph
   * @return the same file, which exists
   */
  public static Path requireFile(CommandSpec command, Path model) {
    if (!Files.isRegularFile(model)) {
      Optional<RetrainException> reason =
          NetworkFiles.explain(model.toString(), Expected.TRAINED_MODEL);
      if (reason.isPresent()) {
        throw NetworkFiles.usage(command, "MODEL", reason.get());
      }
      throw UsageErrors.create(
          command, "MODEL %s is not a file; give the graph that 'train' wrote", model);
    }
    if (isImage(model)) {
      throw UsageErrors.create(
          command,
          "MODEL %s is an image; give the graph that 'train' wrote first, such as"
              + " tmp/output_graph.pb",
          model);
    }
    return model;
  }
}
