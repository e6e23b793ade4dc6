package dev.retrain.cli.option.backbone;

import dev.retrain.backbone.GraphSignature;
import dev.retrain.backbone.format.FileFormats.Expected;
import dev.retrain.cli.option.NetworkFiles;
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
      description =
          "A frozen GraphDef, binary or in text format (.pbtxt), to use instead of a named backbone.")
  Path file;

  @Option(
      names = "--input",
      paramLabel = "TENSOR",
      description =
          "The graph's image input, float32 [n, height, width, 3]. Default: the graph's"
              + " placeholder.")
  private String input;

  @Option(
      names = "--bottleneck",
      split = ",",
      paramLabel = "TENSOR",
      description =
          "The tensors that make up the feature vector; also works with a named backbone. Several are averaged"
              + " over their positions and concatenated; append @2x2 to average over the cells of a"
              + " 2 x 2 grid. Default: the last average pooling.")
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

  /** The given tensors and preprocessing of the graph, whose file exists. */
  GraphSignature signature(CommandSpec command) {
    if (!Files.isRegularFile(file)) {
      throw NetworkFiles.notAFile(command, "--graph", file, Expected.FROZEN_GRAPH);
    }
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
