package dev.retrain.report;

import static dev.retrain.report.view.NumberText.format;
import static dev.retrain.report.view.NumberText.percent;

import dev.retrain.job.evaluate.EvaluateResult;
import dev.retrain.model.ModelMetadata;
import dev.retrain.model.ModelMetadata.ImageInput;
import dev.retrain.model.data.DataOrigin;
import dev.retrain.report.data.Overview;
import dev.retrain.util.text.Counted;

/**
 * The texts at the top of a report.
 *
 * @param evaluated the model's description and its evaluation
 */
record OverviewText(EvaluateResult evaluated) {
  Overview overview(String model) {
    return new Overview(model, headline(), summary(), evaluated.data().notices());
  }

  private String headline() {
    return format(
        "%s %s (%s, %s)",
        percent(evaluated.assessment().score()),
        (evaluated.data().withSeen() ? "" : "test ")
            + evaluated.assessment().objective().metricName().replace('_', ' '),
        examples(evaluated.assessment().count()),
        Counted.of(evaluated.assessment().labels().size(), "class"));
  }

  private String summary() {
    ModelMetadata model = evaluated.model();
    DataOrigin data = model.data();
    String training =
        format(
            "Classifier on %s, trained on %s in %s; weights selected on %s.",
            model.backbone() == null
                ? "feature vectors"
                : format(
                    "the %s of %s",
                    Counted.of(model.backbone().vectorLength(), "feature"),
                    model.backbone().name()),
            examples(data.training()),
            data.directory(),
            Counted.of(data.validation(), "validation " + one()));
    if (!data.known()) {
      return format(
          "Classifier of another program; whether it was trained on images among these is unknown."
              + " The metrics are computed on %s.",
          examples(evaluated.predictions().count()));
    }
    return evaluated.data().withSeen()
        ? training
        : format(
            "%s The metrics are computed on %s that the model has not seen.",
            training, examples(evaluated.assessment().count()));
  }

  private String examples(long count) {
    return Counted.of(count, one());
  }

  private String one() {
    return evaluated.model().input() instanceof ImageInput ? "image" : "vector";
  }
}
