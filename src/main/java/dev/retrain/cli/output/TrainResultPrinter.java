package dev.retrain.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.evaluation.TestResult.Mistake;
import dev.retrain.job.output.TrainOutputs;
import dev.retrain.job.output.TrainResult;
import dev.retrain.model.ModelMetadata;
import dev.retrain.util.Json;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** Prints the result of a training. */
public final class TrainResultPrinter {
  private final TrainResult report;
  private final TrainOutputs outputs;

  public TrainResultPrinter(TrainResult report, TrainOutputs outputs) {
    this.report = report;
    this.outputs = outputs;
  }

  public ObjectNode json() {
    ModelMetadata model = report.model();
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("test_accuracy", report.test().accuracy());
    node.put("test_count", report.test().count());
    node.put("test_loss", report.test().loss());
    node.put("validation_accuracy", model.metrics().validationAccuracy());
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
    node.put("description", outputs.model().description().toString());
    node.put("summaries", outputs.summariesDir().toString());
    ArrayNode plots = node.putArray("plots");
    report.plots().forEach(plot -> plots.add(plot.toString()));
    node.set("seconds", Json.mapper().valueToTree(report.seconds()));
    return node;
  }

  public ArrayNode misclassified() {
    ArrayNode list = Json.mapper().createArrayNode();
    for (Mistake mistake : report.test().mistakes()) {
      list.addObject()
          .put("path", mistake.name())
          .put("label", label(mistake.label()))
          .put("predicted", label(mistake.predicted()))
          .put("probability", mistake.probability());
    }
    return list;
  }

  private String label(int index) {
    return report.model().labels().get(index);
  }

  /** Lists the misclassified test images. */
  public void printMisclassified(Console console) {
    console.line("Misclassified test images:");
    for (Mistake mistake : report.test().mistakes()) {
      console.line(
          "  %s: %s, predicted as %s (%s)",
          mistake.name(),
          label(mistake.label()),
          label(mistake.predicted()),
          Numbers.percent(mistake.probability()));
    }
  }

  public void print(Console console) {
    ModelMetadata model = report.model();
    ModelMetadata.Metrics metrics = model.metrics();
    console.line(
        "%s test accuracy (%,d images, %,d classes)",
        Numbers.percent(metrics.testAccuracy()), metrics.testCount(), model.labels().size());
    console.line(
        "Validation accuracy: %s, best at iteration %,d of %,d.",
        Numbers.percent(metrics.validationAccuracy()),
        metrics.bestIteration(),
        metrics.iterations());
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

  private void printFiles(Console console) {
    console.line(
        "Model:       %s, with %s and %s",
        outputs.model().graph(),
        outputs.model().labels(),
        outputs.model().description().getFileName());
    if (!report.plots().isEmpty()) {
      console.line(
          "Plots:       %s",
          report.plots().stream().map(Path::toString).collect(Collectors.joining(", ")));
    }
    console.line("TensorBoard: tensorboard --logdir %s", outputs.summariesDir());
    report
        .earlierEvents()
        .ifPresent(
            path -> console.line("             The previous run's events are now in %s", path));
  }
}
