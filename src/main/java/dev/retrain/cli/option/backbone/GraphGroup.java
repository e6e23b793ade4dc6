package dev.retrain.cli.option.backbone;

import dev.retrain.backbone.BackboneResolver;
import dev.retrain.backbone.GraphSignature;
import dev.retrain.cli.option.UsageErrors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Options of a frozen graph that is used as the backbone. */
final class GraphGroup {
  @Option(
      names = "--graph",
      paramLabel = "FILE",
      description = "A frozen GraphDef to use instead of a named backbone.")
  Path file;

  @Option(
      names = "--saved-model",
      paramLabel = "PATH",
      description =
          "A SavedModel to use instead of a named backbone: its directory, or a .tgz, .tar.gz, .tar or"
              + " .zip archive that contains it. Nothing of it is run before its ops are checked.")
  Path savedModel;

  @Option(
      names = "--signature",
      paramLabel = "NAME",
      description =
          "The signature of the SavedModel. Default: serving_default, default, image_feature_vector,"
              + " the only one, or __call__.")
  String signature;

  @Option(
      names = "--input",
      paramLabel = "TENSOR",
      description =
          "The graph's image input, float32 [n, height, width, 3]: a tensor, or an input of the"
              + " SavedModel's signature. Default: the graph's placeholder.")
  private String input;

  @Option(
      names = "--bottleneck",
      split = ",",
      paramLabel = "TENSOR",
      description =
          "The tensors that make up the feature vector; also works with a named backbone. Several are averaged"
              + " over their positions and concatenated; append @2x2 to average over the cells of a"
              + " 2 x 2 grid. Outputs of a SavedModel's signature can be named, too. Default: the last"
              + " average pooling; of a SavedModel, the output called default or the only one.")
  List<String> tensors = List.of();

  @Option(
      names = "--size",
      split = ",",
      arity = "1",
      paramLabel = "PIXELS",
      description =
          "HEIGHT,WIDTH to resize images to. Default: the shape of the graph's placeholder.")
  private List<Integer> size = List.of();

  @Option(
      names = "--mean",
      paramLabel = "VALUE",
      description = "Subtracted from each color value (0 to 255). Default: 127.5.")
  private Float mean;

  @Option(
      names = "--std",
      paramLabel = "VALUE",
      description = "Each color value is divided by it after --mean is subtracted. Default: 127.5.")
  private Float std;

  /**
   * The frozen graph, or the SavedModel.
   *
   * @param model the SavedModel; absent for the frozen graph
   */
  BackboneResolver.Choice choice(CommandSpec command, Optional<Path> model) {
    if (model.isPresent()) {
      if (!Files.exists(model.get())) {
        throw UsageErrors.create(command, "--saved-model %s doesn't exist", model.get());
      }
      return new BackboneResolver.SavedModel(
          model.get(), Optional.ofNullable(signature), signature(command));
    }
    if (!Files.isRegularFile(file)) {
      throw UsageErrors.create(command, "--graph %s is not a file", file);
    }
    return new BackboneResolver.GraphFile(file, signature(command));
  }

  /** The given tensors and preprocessing. */
  private GraphSignature signature(CommandSpec command) {
    if (!size.isEmpty() && size.size() != 2) {
      throw UsageErrors.create(
          command, "--size must be HEIGHT,WIDTH, such as 224,224, but has %d numbers", size.size());
    }
    return UsageErrors.validate(
        command,
        () ->
            new GraphSignature(
                Optional.ofNullable(input),
                tensors,
                size.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new GraphSignature.Size(size.get(0), size.get(1))),
                Optional.ofNullable(mean),
                Optional.ofNullable(std)));
  }
}
