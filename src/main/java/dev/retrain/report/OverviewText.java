package dev.retrain.report;

import static dev.retrain.report.view.NumberText.counted;
import static dev.retrain.report.view.NumberText.format;
import static dev.retrain.report.view.NumberText.percent;

import dev.retrain.job.evaluate.EvaluateResult;
import dev.retrain.model.ModelMetadata;
import dev.retrain.model.ModelMetadata.DataOrigin;
import dev.retrain.model.ModelMetadata.ImageInput;
import dev.retrain.report.data.Overview;

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
        percent(evaluated.metrics().accuracy()),
        evaluated.data().withSeen() ? "accuracy" : "test accuracy",
        examples(evaluated.metrics().count()),
        counted(evaluated.predictions().classes(), "class", "classes"));
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
                    counted(model.backbone().vectorLength(), "feature", "features"),
                    model.backbone().name()),
            examples(data.training()),
            data.directory(),
            counted(data.validation(), "validation " + one(), "validation " + many()));
    return evaluated.data().withSeen()
        ? training
        : format(
            "%s The metrics are computed on %s that the model has not seen.",
            training, examples(evaluated.predictions().count()));
  }

  private String examples(long count) {
    return counted(count, one(), many());
  }

  private String one() {
    return ofImages() ? "image" : "vector";
  }

  private String many() {
    return ofImages() ? "images" : "vectors";
  }

  private boolean ofImages() {
    return evaluated.model().input() instanceof ImageInput;
  }
}
