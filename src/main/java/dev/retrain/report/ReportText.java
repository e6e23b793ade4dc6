package dev.retrain.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.job.evaluate.EvaluateResult;
import dev.retrain.model.ModelMetadata;
import dev.retrain.model.ModelMetadata.BackboneOrigin;
import dev.retrain.model.ModelMetadata.DataOrigin;
import dev.retrain.model.ModelMetadata.ImageInput;
import dev.retrain.model.ModelMetadata.VectorInput;
import dev.retrain.report.ReportData.Fact;
import dev.retrain.report.ReportData.FactGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a report says of a model in words.
 *
 * @param file the model's file
 * @param evaluated what the model is, and how it did
 */
record ReportText(Path file, EvaluateResult evaluated) {
  String summary() {
    ModelMetadata model = evaluated.model();
    DataOrigin data = model.data();
    String made =
        format(
            "A classifier on %s, trained on %,d %s of %s, its weights chosen by %,d others.",
            model.backbone() == null
                ? "vectors"
                : format(
                    "the %,d features of %s",
                    model.backbone().vectorLength(), model.backbone().name()),
            data.training(),
            things(),
            data.directory(),
            data.validation());
    return evaluated.data().withSeen()
        ? made
        : format(
            "%s The figures are of %,d %s it had never seen.",
            made, evaluated.predictions().count(), things());
  }

  private String things() {
    return evaluated.model().input() instanceof ImageInput ? "images" : "vectors";
  }

  List<FactGroup> facts() {
    ModelMetadata model = evaluated.model();
    DataOrigin data = model.data();
    List<FactGroup> groups = new ArrayList<>();
    groups.add(
        new FactGroup(
            "Model",
            List.of(
                new Fact("File", file.toString()),
                new Fact("SHA-256", model.graphSha256()),
                new Fact("Input", input(model.input())),
                new Fact("Output", model.output().tensor()),
                new Fact(
                    "Iterations",
                    format(
                        "%,d, kept: %,d",
                        model.metrics().iterations(), model.metrics().bestIteration())))));
    if (model.backbone() != null) {
      groups.add(new FactGroup("Network", network(model.backbone())));
    }
    groups.add(
        new FactGroup(
            "Data",
            List.of(
                new Fact("Trained on", data.directory()),
                new Fact("Fingerprint", data.fingerprint()),
                new Fact(
                    "Files",
                    format(
                        "%,d: %,d to train, %,d to validate, %,d to test; %,d could not be read",
                        data.images(),
                        data.training(),
                        data.validation(),
                        data.test(),
                        data.skipped())),
                new Fact(
                    "Evaluated on",
                    format(
                        "%,d files of %s",
                        evaluated.predictions().count(), evaluated.data().directory())))));
    groups.add(
        new FactGroup(
            "Made by",
            List.of(
                new Fact("retrain", model.versions().retrain()),
                new Fact("TensorFlow", model.versions().tensorflow()),
                new Fact("Java", model.versions().java()),
                new Fact("Seed", seed(model)))));
    return groups;
  }

  private static String seed(ModelMetadata model) {
    // Models of earlier versions have the seed among the options only.
    return model.training() == null
        ? model.options().path("seed").asText("the default")
        : Long.toString(model.training().seed());
  }

  private static String input(ModelMetadata.Input input) {
    if (input instanceof ImageInput images) {
      return "%s: images of %d x %d, (value - %s) / %s"
          .formatted(images.tensor(), images.height(), images.width(), images.mean(), images.std());
    }
    return format("%s: vectors of %,d", input.tensor(), ((VectorInput) input).length());
  }

  private static List<Fact> network(BackboneOrigin network) {
    return List.of(
        new Fact("Name", network.name()),
        new Fact("SHA-256", network.graphSha256()),
        new Fact("Features", String.join(", ", network.bottlenecks())),
        new Fact("Computation", network.computation()));
  }

  List<Fact> options() {
    return evaluated.model().options().properties().stream()
        .map(option -> new Fact(option.getKey(), option.getValue().asText()))
        .toList();
  }

  /**
   * The command lines that make all of it again.
   *
   * @param report the last of them
   */
  List<List<String>> commands(List<String> report) {
    JsonNode options = evaluated.model().options();
    List<List<String>> commands = new ArrayList<>();
    // Only a training has it; a model of 'quickstart' has that command's options.
    if (options.has("output_graph")) {
      List<String> words = new ArrayList<>(List.of("retrain", "train"));
      options.properties().forEach(option -> words.addAll(words(option)));
      commands.add(ShellQuoting.quoted(words));
    }
    commands.add(ShellQuoting.quoted(report));
    return commands;
  }

  private static List<String> words(Map.Entry<String, JsonNode> option) {
    String name = "--" + option.getKey().replace('_', '-');
    return switch (option.getValue().asText()) {
      case "true" -> List.of(name);
      case "false", "" -> List.of();
      default -> List.of(name, option.getValue().asText());
    };
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
