package dev.retrain.cli.option;

import dev.retrain.backbone.signature.GraphSignature.Size;
import dev.retrain.model.legacy.ModelHints;
import dev.retrain.util.text.Counted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the user says about a model without metadata, with the names of label_image.py. */
public final class ModelHintOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup(validate = false, heading = "%nA model without metadata, such as one of retrain.py:%n")
  private Group group = new Group();

  private static final class Group {
    @Option(
        names = "--labels",
        paramLabel = "FILE",
        description =
            "The labels, one per line. Default: the file beside the graph, such as"
                + " retrained_labels.txt, output_labels.txt or labels.txt.")
    private Path labels;

    @Option(
        names = {"--input", "--input-layer"},
        paramLabel = "TENSOR",
        description =
            "The tensor that accepts images. Default: the placeholder, or the resized image if the"
                + " graph itself decodes images.")
    private String input;

    @Option(
        names = {"--output-layer", "--output-tensor"},
        paramLabel = "TENSOR",
        description =
            "The tensor with the probabilities. Default: final_result, or the only softmax that"
                + " nothing reads.")
    private String output;

    @Option(
        names = "--size",
        split = ",",
        arity = "1",
        paramLabel = "PIXELS",
        description = "HEIGHT,WIDTH to resize images to. Default: the size in the graph.")
    private List<Integer> size = List.of();

    @Option(
        names = {"--mean", "--input-mean"},
        paramLabel = "VALUE",
        description =
            "Subtracted from each color value (0 to 255). Default: from the graph's own rescaling,"
                + " or 127.5.")
    private Float mean;

    @Option(
        names = {"--std", "--input-std"},
        paramLabel = "VALUE",
        description =
            "Each color value is divided by it after --mean is subtracted. Default: from the graph's"
                + " own rescaling, or 127.5.")
    private Float std;
  }

  /** The given values, checked. */
  public ModelHints hints() {
    if (group.labels != null && !Files.isRegularFile(group.labels)) {
      throw UsageErrors.create(
          spec, "--labels %s is not a file; give a file with one class per line", group.labels);
    }
    if (!group.size.isEmpty() && group.size.size() != 2) {
      throw UsageErrors.create(
          spec,
          "--size must be HEIGHT,WIDTH, such as 224,224, but has %s",
          Counted.of(group.size.size(), "number"));
    }
    if (group.size.stream().anyMatch(length -> length < 1)) {
      throw UsageErrors.create(
          spec, "--size must be at least 1,1, but is %d,%d", group.size.get(0), group.size.get(1));
    }
    if (group.std != null && !(group.std > 0)) {
      throw UsageErrors.create(spec, "--std must be above 0, but is %s", group.std);
    }
    return new ModelHints(
        Optional.ofNullable(group.labels),
        Optional.ofNullable(group.input),
        Optional.ofNullable(group.output),
        group.size.isEmpty()
            ? Optional.empty()
            : Optional.of(new Size(group.size.get(0), group.size.get(1))),
        Optional.ofNullable(group.mean),
        Optional.ofNullable(group.std));
  }
}
