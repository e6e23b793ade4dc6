package dev.retrain.job.output;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.evaluation.ConfusionMatrix;
import dev.retrain.evaluation.ConfusionPlot;
import dev.retrain.evaluation.TestResult;
import dev.retrain.tensorboard.EventFileWriter;
import dev.retrain.tensorboard.ImageSummary;
import dev.retrain.tensorboard.LogDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.proto.Summary;

/** What TensorBoard is told of a test: accuracy and loss, and the confusion matrix as an image. */
public final class TestSummaries {
  private static final Logger LOG = LoggerFactory.getLogger(TestSummaries.class);

  private TestSummaries() {}

  /**
   * Writes them; those of an earlier test are deleted.
   *
   * @param summaries the directory of the training's events
   * @param labels the classes
   * @param test the vectors that were tested with
   * @param result how that went
   * @param iteration the iteration whose weights were tested
   */
  public static void write(
      Path summaries, List<String> labels, Vectors test, TestResult result, int iteration)
      throws IOException {
    Path directory = LogDirectory.test(summaries);
    FileUtils.deleteDirectory(directory.toFile());
    try (EventFileWriter events = new EventFileWriter(directory)) {
      events.add(
          iteration,
          Summary.newBuilder()
              .addValue(value("accuracy", result.accuracy()))
              .addValue(value("cross_entropy", result.loss()))
              .build());
      events.add(
          iteration,
          ImageSummary.encode(
              "confusion_matrix",
              ConfusionPlot.draw(ConfusionMatrix.compute(labels, test, result.mistakes()))));
    } catch (LinkageError | InternalError e) {
      // Java without fonts (a slim container).
      LOG.warn("TensorBoard has no image of the confusion matrix ({}).", e.toString());
      LOG.debug("Drawing failed", e);
    }
  }

  private static Summary.Value value(String tag, double value) {
    return Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value).build();
  }
}
