package dev.retrain.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.evaluation.Predictions;
import dev.retrain.image.SkippedFile;
import dev.retrain.job.output.TrainOutputs;
import dev.retrain.job.output.TrainResult;
import dev.retrain.model.ModelMetadata;
import dev.retrain.util.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** Shows what a training gave, as text or JSON. */
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
    node.put("test_accuracy", model.metrics().testAccuracy());
    node.put("test_count", model.metrics().testCount());
    node.put("test_loss", model.metrics().testLoss());
    node.put("validation_accuracy", model.metrics().validationAccuracy());
    node.put("best_iteration", model.metrics().bestIteration());
    node.put("iterations", model.metrics().iterations());
    node.put("interrupted", report.training().cancelled());
    node.put("classes", model.labels().size());
    node.put("images", model.data().images());
    node.put("skipped", report.skipped().size());
    node.set("skipped_images", skipped(report.skipped()));
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

  public static ArrayNode skipped(List<SkippedFile> images) {
    ArrayNode list = Json.mapper().createArrayNode();
    images.forEach(
        image ->
            list.addObject().put("path", image.path().toString()).put("reason", image.reason()));
    return list;
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

  public void printMisclassified(PrintWriter out) {
    out.println("Told wrong:");
    Predictions test = report.test();
    for (int index : test.misclassified()) {
      RetrainCommand.line(
          out,
          "  %s: %s, taken for %s (%.1f %%)",
          test.name(index),
          label(test.actual(index)),
          label(test.predicted(index)),
          100 * test.confidence(index));
    }
  }

  public void print(PrintWriter out) {
    ModelMetadata model = report.model();
    ModelMetadata.Metrics metrics = model.metrics();
    RetrainCommand.line(
        out,
        "Test accuracy %.1f %% on %,d images (validation %.1f %%, best at iteration %,d of %,d).",
        100 * metrics.testAccuracy(),
        metrics.testCount(),
        100 * metrics.validationAccuracy(),
        metrics.bestIteration(),
        metrics.iterations());
    RetrainCommand.line(
        out,
        "%,d classes, %,d images: %,d to train, %,d to validate, %,d to test; %,d left out.",
        model.labels().size(),
        model.data().images(),
        model.data().training(),
        model.data().validation(),
        model.data().test(),
        report.skipped().size());
    RetrainCommand.line(
        out,
        "Seconds: bottlenecks %.1f, loading %.1f, training %.1f, all %.1f.",
        report.seconds().extract(),
        report.seconds().load(),
        report.seconds().train(),
        report.seconds().total());
    RetrainCommand.line(
        out,
        "Model:   %s, with %s and %s",
        outputs.model().graph(),
        outputs.model().labels(),
        outputs.model().metadata().getFileName());
    if (!plots.isEmpty()) {
      RetrainCommand.line(out, "Plots:   %s", joined(plots));
    }
    RetrainCommand.line(out, "Curves:  tensorboard --logdir %s", outputs.summariesDir());
    report
        .earlierEvents()
        .ifPresent(
            path -> RetrainCommand.line(out, "         an earlier run's are in %s now", path));
    out.flush();
  }

  private static String joined(List<Path> paths) {
    return String.join(", ", paths.stream().map(Path::toString).toList());
  }
}
