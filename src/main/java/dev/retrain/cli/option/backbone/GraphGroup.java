package dev.retrain.cli.option.backbone;

import dev.retrain.backbone.BackboneResolver;
import dev.retrain.backbone.format.FileFormats.Expected;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.backbone.signature.GraphSignature;
import dev.retrain.backbone.signature.range.ColorOptions;
import dev.retrain.backbone.signature.range.ValueRange;
import dev.retrain.cli.option.NetworkFiles;
import dev.retrain.cli.option.UsageErrors;
import dev.retrain.image.ChannelOrder;
import dev.retrain.util.text.Counted;
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
      description =
          "A frozen GraphDef, binary or in text format (.pbtxt), to use instead of a named backbone.")
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
          "The graph's image input, float32 or uint8 [n, height, width, 3]: a tensor, or an input of"
              + " the SavedModel's signature. Default: the graph's placeholder.")
  private String input;

  @Option(
      names = "--bottleneck",
      split = ",",
      paramLabel = "TENSOR",
      description =
          "The tensors that make up the feature vector; also works with a named backbone. Several are averaged"
              + " over their positions and concatenated; append @2x2 to average over the cells of a"
              + " 2 x 2 grid. Outputs of a SavedModel's signature can be named, too. Default: the"
              + " pooled output, or what enters the last dense layer.")
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
      split = ",",
      arity = "1",
      paramLabel = "VALUE",
      description =
          "Subtracted from each color value (0 to 255): a number, or R,G,B. Default: as --range.")
  private List<Float> mean;

  @Option(
      names = "--std",
      split = ",",
      arity = "1",
      paramLabel = "VALUE",
      description =
          "Each color value is divided by it after --mean is subtracted: a number, or R,G,B."
              + " Default: as --range.")
  private List<Float> std;

  @Option(
      names = "--range",
      paramLabel = "RANGE",
      description =
          "The range of color values that the graph accepts: 0,1 or -1,1 or 0,255, which stand for a"
              + " --mean and a --std. Default: what the graph's own rescaling says, or its first"
              + " batch normalization on 32 of the images; otherwise -1,1.")
  private String range;

  @Option(
      names = "--channels",
      paramLabel = "ORDER",
      description = "The order of the graph's color channels, rgb or bgr. Default: rgb.")
  private ChannelOrder channels;

  /**
   * The frozen graph, or the SavedModel.
   *
   * @param model the SavedModel; absent for the frozen graph
   * @param features the layers to read
   */
  BackboneResolver.Choice choice(CommandSpec command, Optional<Path> model, FeatureSet features) {
    if (model.isPresent()) {
      if (!Files.exists(model.get())) {
        throw UsageErrors.create(command, "--saved-model %s doesn't exist", model.get());
      }
      return new BackboneResolver.SavedModel(
          model.get(), Optional.ofNullable(signature), signature(command, features));
    }
    if (!Files.isRegularFile(file)) {
      throw NetworkFiles.notAFile(command, "--graph", file, Expected.FROZEN_GRAPH);
    }
    return new BackboneResolver.GraphFile(file, signature(command, features));
  }

  /** The given tensors and preprocessing. */
  private GraphSignature signature(CommandSpec command, FeatureSet features) {
    if (!size.isEmpty() && size.size() != 2) {
      throw UsageErrors.create(
          command,
          "--size must be HEIGHT,WIDTH, such as 224,224, but has %s",
          Counted.of(size.size(), "number"));
    }
    return UsageErrors.validate(
        command,
        () ->
            new GraphSignature(
                Optional.ofNullable(input),
                tensors,
                features,
                size.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new GraphSignature.Size(size.get(0), size.get(1))),
                colors(command)));
  }

  private ColorOptions colors(CommandSpec command) {
    return new ColorOptions(
        mean == null ? List.of() : mean,
        std == null ? List.of() : std,
        Optional.ofNullable(range).map(text -> range(command, text)),
        Optional.ofNullable(channels));
  }

  private static ValueRange range(CommandSpec command, String text) {
    return ValueRange.parse(text)
        .orElseThrow(
            () ->
                UsageErrors.create(
                    command, "--range must be 0,1 or -1,1 or 0,255, but is %s", text));
  }
}
