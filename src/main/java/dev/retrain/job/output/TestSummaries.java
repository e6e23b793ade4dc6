package dev.retrain.job.output;

import dev.retrain.evaluation.ConfusionPlot;
import dev.retrain.evaluation.assessment.Assessment;
import dev.retrain.tensorboard.EventFileWriter;
import dev.retrain.tensorboard.ImageSummary;
import dev.retrain.tensorboard.LogDirectory;
import dev.retrain.training.ScalarSummary;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.proto.Summary;

/**
 * TensorBoard's summaries of a test: metric and loss and, where images have exactly one class, an
 * image of the confusion matrix.
 */
final class TestSummaries {
  private static final Logger LOG = LoggerFactory.getLogger(TestSummaries.class);

  private TestSummaries() {}

  /**
   * Writes the summaries; those of an earlier test are deleted.
   *
   * @param events the directory of the training's events
   * @param test the test
   * @param iteration the iteration whose weights were tested
   * @throws IOException if a file can't be written
   */
  static void write(Path events, Assessment test, int iteration) throws IOException {
    Path directory = LogDirectory.test(events);
    FileUtils.deleteDirectory(directory.toFile());
    try (EventFileWriter writer = new EventFileWriter(directory)) {
      writer.add(
          iteration,
          Summary.newBuilder()
              .addValue(ScalarSummary.of(test.objective().metricName(), test.score()))
              .addValue(ScalarSummary.of(test.objective().lossName(), test.loss()))
              .build());
      if (test instanceof Assessment.SingleLabel single) {
        writer.add(
            iteration,
            ImageSummary.encode(
                "confusion_matrix", ConfusionPlot.draw(single.metrics().confusion())));
      }
    } catch (LinkageError | InternalError e) {
      // Java without fonts, as in slim containers.
      LOG.warn("The confusion matrix can't be drawn for TensorBoard ({}).", e.toString());
      LOG.debug("Drawing failed", e);
    }
  }
}
