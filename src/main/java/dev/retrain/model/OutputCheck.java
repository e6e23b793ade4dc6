package dev.retrain.model;

import dev.retrain.model.json.JsonField;
import dev.retrain.training.Objective;
import java.util.List;
import java.util.Optional;

/** Checks the fields of a model's metadata that depend on the number of labels of an image. */
final class OutputCheck {
  private OutputCheck() {}

  /**
   * Checks the output, except for its tensor.
   *
   * @param output the output
   * @param format the format of the file
   * @param labels number of labels of the model
   * @return whether an image may have several labels
   */
  static boolean check(JsonField output, JsonField format, int labels) {
    Optional<JsonField> flag = output.find("multi_label");
    flag.ifPresent(JsonField::bool);
    boolean multiLabel = flag.isPresent() && flag.get().value().booleanValue();
    Optional<JsonField> thresholds = output.find("thresholds");
    if (!multiLabel) {
      thresholds.ifPresent(
          field -> field.require(false, "must be absent unless output.multi_label is true"));
      return false;
    }
    int needed = ModelMetadata.EXTENDED_FORMAT;
    format.require(
        format.integer(1, Integer.MAX_VALUE) >= needed,
        "must be format " + needed + " if output.multi_label is true");
    List<JsonField> values = output.get("thresholds").elements(1);
    output
        .get("thresholds")
        .require(
            values.size() == labels, "must have an element for each of the " + labels + " labels");
    for (JsonField value : values) {
      float threshold = value.number();
      value.require(threshold > 0 && threshold <= 1, "must be above 0 and at most 1");
    }
    return true;
  }

  /**
   * Checks the metrics that only one kind of model has.
   *
   * @param metrics the metrics
   * @param multiLabel whether an image may have several labels
   */
  static void checkMetrics(JsonField metrics, boolean multiLabel) {
    String measure = Objective.MULTI_LABEL.metricName();
    if (multiLabel) {
      JsonField field = metrics.get("measure");
      field.require(field.text().equals(measure), "must be " + measure);
      metrics.get("test_micro_f1").metric(1);
      metrics.get("test_macro_f1").metric(1);
    } else {
      for (String name : List.of("measure", "test_micro_f1", "test_macro_f1")) {
        metrics
            .find(name)
            .ifPresent(
                field -> field.require(false, "must be absent unless output.multi_label is true"));
      }
    }
  }
}
