package dev.retrain.report;

import static dev.retrain.report.view.NumberText.format;

import dev.retrain.job.evaluate.EvaluateResult;
import dev.retrain.model.ModelMetadata;
import dev.retrain.model.ModelMetadata.BackboneOrigin;
import dev.retrain.model.ModelMetadata.ImageInput;
import dev.retrain.model.ModelMetadata.VectorInput;
import dev.retrain.model.data.DataOrigin;
import dev.retrain.report.data.FactGroup;
import dev.retrain.report.data.FactGroup.Fact;
import dev.retrain.util.text.Counted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The provenance of a model and of its evaluation.
 *
 * @param file the model's file
 * @param evaluated the model's description and its evaluation
 */
record ModelFacts(Path file, EvaluateResult evaluated) {
  private static final String UNKNOWN = "unknown";

  List<FactGroup> groups() {
    ModelMetadata description = evaluated.model();
    List<FactGroup> groups = new ArrayList<>();
    groups.add(new FactGroup("Model", model(description)));
    if (description.backbone() != null) {
      groups.add(new FactGroup("Backbone", backbone(description.backbone())));
    }
    groups.add(new FactGroup("Data", data(description.data())));
    groups.add(new FactGroup("Versions and seed", versions(description)));
    return groups;
  }

  private List<Fact> model(ModelMetadata description) {
    return List.of(
        new Fact("File", file.toString()),
        new Fact("SHA-256", description.graphSha256()),
        new Fact("Input", input(description.input())),
        new Fact("Output", description.output().tensor()),
        new Fact(
            "Iterations",
            description.data().known()
                ? format(
                    "%,d (best: %,d)",
                    description.metrics().iterations(), description.metrics().bestIteration())
                : UNKNOWN));
  }

  private static String input(ModelMetadata.Input input) {
    return input instanceof ImageInput images
        ? format(
            "%s: images of %d x %d%s, %s",
            images.tensor(),
            images.height(),
            images.width(),
            images.resize() == null ? "" : " (" + images.resize() + ")",
            images.preprocessing().normalization())
        : format("%s: vectors of length %,d", input.tensor(), ((VectorInput) input).length());
  }

  private static List<Fact> backbone(BackboneOrigin backbone) {
    return List.of(
        new Fact("Name", backbone.name()),
        new Fact("SHA-256", backbone.graphSha256()),
        new Fact("Feature tensors", String.join(", ", backbone.bottlenecks())),
        new Fact("Computation", backbone.computation()));
  }

  private List<Fact> data(DataOrigin data) {
    Fact evaluatedOn =
        new Fact(
            "Evaluated on",
            format(
                "%s in %s",
                Counted.of(evaluated.assessment().count(), "file"), evaluated.data().directory()));
    if (!data.known()) {
      return List.of(new Fact("Trained on", UNKNOWN), evaluatedOn);
    }
    return List.of(
        new Fact("Directory", data.directory()),
        new Fact("Fingerprint", data.fingerprint()),
        new Fact(
            "Files",
            format(
                "%,d (%,d training, %,d validation, %,d test); %s skipped",
                data.images(),
                data.training(),
                data.validation(),
                data.test(),
                Counted.of(data.skipped(), "unreadable file"))),
        evaluatedOn);
  }

  private static List<Fact> versions(ModelMetadata description) {
    return List.of(
        new Fact("retrain", description.versions().retrain()),
        new Fact("TensorFlow", description.versions().tensorflow()),
        new Fact("Java", description.versions().java()),
        new Fact(
            "Seed",
            new RecordedOptions(description)
                .seed()
                .orElse(description.data().known() ? "default" : UNKNOWN)));
  }
}
