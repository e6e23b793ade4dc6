package dev.retrain.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.evaluation.Predictions;
import dev.retrain.job.output.TrainOutputs;
import dev.retrain.job.output.TrainResult;
import dev.retrain.model.FineTuning;
import dev.retrain.model.ModelMetadata;
import dev.retrain.training.Objective;
import dev.retrain.util.Json;
import dev.retrain.util.text.Counted;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Prints the result of a training. */
public final class TrainResultPrinter {
  private final TrainResult report;
  private final TrainOutputs outputs;
  private final List<Path> plots;

  public TrainResultPrinter(TrainResult report, TrainOutputs outputs, List<Path> plots) {
    this.report = report;
    this.outputs = outputs;
    this.plots = List.copyOf(plots);
  }

  public ObjectNode json() {
    ModelMetadata model = report.model();
    ObjectNode node = Json.mapper().createObjectNode();
    String measure = model.objective().metricName();
    node.put("test_" + measure, model.metrics().testAccuracy());
    node.put("test_count", model.metrics().testCount());
    node.put("test_loss", model.metrics().testLoss());
    node.put("validation_" + measure, model.metrics().validationAccuracy());
    if (model.objective() == Objective.MULTI_LABEL) {
      node.put("test_micro_f1", model.metrics().testMicroF1());
      node.put("test_macro_f1", model.metrics().testMacroF1());
    }
    fineTuning().ifPresent(tuning -> node.set("fine_tuning", Json.mapper().valueToTree(tuning)));
    node.put("best_iteration", model.metrics().bestIteration());
    node.put("iterations", model.metrics().iterations());
    node.put("interrupted", report.training().cancelled());
    node.put("classes", model.labels().size());
    node.put("images", model.data().images());
    node.put("skipped", report.skipped().size());
    node.set("skipped_images", SkippedFilesJson.toJson(report.skipped()));
    if (model.backbone() != null) {
      node.put("backbone", model.backbone().name());
    }
    node.put("vector_length", report.training().head().inputs());
    node.put("graph", outputs.model().graph().toString());
    node.put("labels", outputs.model().labels().toString());
    node.put("description", outputs.model().metadata().toString());
    node.put("summaries", outputs.summariesDir().toString());
    ArrayNode plotFiles = node.putArray("plots");
    plots.forEach(plot -> plotFiles.add(plot.toString()));
    node.set("seconds", Json.mapper().valueToTree(report.seconds()));
    return node;
  }

  public ArrayNode misclassified() {
    ArrayNode list = Json.mapper().createArrayNode();
    Predictions test = report.test();
    for (int index : test.misclassified()) {
      list.addObject()
          .put("path", test.name(index))
          .put("label", label(test.actual(index)))
          .put("predicted", label(test.predicted(index)))
          .put("probability", test.confidence(index));
    }
    return list;
  }

  private String label(int index) {
    return report.model().labels().get(index);
  }

  /** Lists the misclassified test images. */
  public void printMisclassified(Console console) {
    Predictions test = report.test();
    if (test.misclassified().isEmpty()) {
      console.line("No test image is misclassified.");
      return;
    }
    console.line("Misclassified test images:");
    for (int index : test.misclassified()) {
      console.line(
          "  %s: %s, predicted as %s (%s)",
          test.name(index),
          label(test.actual(index)),
          label(test.predicted(index)),
          Numbers.percent(test.confidence(index)));
    }
  }

  public void print(Console console) {
    ModelMetadata model = report.model();
    ModelMetadata.Metrics metrics = model.metrics();
    boolean multiLabel = model.objective() == Objective.MULTI_LABEL;
    String metric = multiLabel ? "mean average precision" : "accuracy";
    console.line(
        "%s test %s (%s, %s)",
        Numbers.percent(metrics.testAccuracy()),
        metric,
        Counted.of(metrics.testCount(), "image"),
        Counted.of(model.labels().size(), "class"));
    if (multiLabel) {
      console.line(
          "F1 at the thresholds: %s micro, %s macro.",
          Numbers.percent(metrics.testMicroF1()), Numbers.percent(metrics.testMacroF1()));
    }
    console.line(
        "Validation %s: %s, best at iteration %,d of %,d.",
        metric,
        Numbers.percent(metrics.validationAccuracy()),
        metrics.bestIteration(),
        metrics.iterations());
    fineTuning().ifPresent(tuning -> printFineTuning(console, metric, tuning));
    console.line(
        "Images: %,d, of which %,d training, %,d validation, %,d test; %,d skipped.",
        model.data().images(),
        model.data().training(),
        model.data().validation(),
        model.data().test(),
        report.skipped().size());
    console.line(
        "Time: %.1f s, of which feature extraction %.1f s, loading vectors %.1f s, training"
            + " %.1f s.",
        report.seconds().total(),
        report.seconds().extract(),
        report.seconds().load(),
        report.seconds().train());
    printFiles(console);
  }

  private Optional<FineTuning> fineTuning() {
    return Optional.ofNullable(report.model().training().fineTuning());
  }

  private static void printFineTuning(Console console, String metric, FineTuning tuning) {
    console.line(
        "Fine-tuning of the last %d of %d blocks: validation %s %s before, %s after%s.",
        tuning.trainedBlocks(),
        tuning.blocks(),
        metric,
        Numbers.percent(tuning.headValidationAccuracy()),
        Numbers.percent(tuning.validationAccuracy()),
        tuning.used() ? "" : "; the original network is kept");
  }

  private void printFiles(Console console) {
    console.line(
        "Model:       %s, with %s and %s",
        outputs.model().graph(),
        outputs.model().labels(),
        outputs.model().metadata().getFileName());
    if (!plots.isEmpty()) {
      console.line(
          "Plots:       %s", plots.stream().map(Path::toString).collect(Collectors.joining(", ")));
    }
    console.line("TensorBoard: tensorboard --logdir %s", outputs.summariesDir());
    report
        .earlierEvents()
        .ifPresent(
            path -> console.line("             The previous run's events are now in %s", path));
  }
}
