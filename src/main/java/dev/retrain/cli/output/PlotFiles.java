package dev.retrain.cli.output;

import dev.retrain.job.output.TrainOutputs;
import dev.retrain.report.TrainingPlots;
import dev.retrain.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the plots of a training. */
public final class PlotFiles {
  private static final Logger LOG = LoggerFactory.getLogger(PlotFiles.class);

  private PlotFiles() {}

  /**
   * Writes {@code accuracy_plot.png} and {@code loss_plot.png}. Plots that can't be written are
   * logged, and are no error: the model is written already.
   *
   * @param result the training
   * @param outputs where the results go
   * @return the files; empty if no plots are wanted, or they can't be written
   */
  public static List<Path> write(TrainingResult result, TrainOutputs outputs) {
    return outputs.plotsDir().map(directory -> write(result, directory)).orElse(List.of());
  }

  private static List<Path> write(TrainingResult result, Path directory) {
    Path accuracy = directory.resolve("accuracy_plot.png");
    Path loss = directory.resolve("loss_plot.png");
    try {
      TrainingPlots.accuracy(result.history(), result.best().iteration(), accuracy);
      TrainingPlots.loss(result.history(), result.best().iteration(), loss);
      return List.of(accuracy, loss);
    } catch (IOException | LinkageError | InternalError e) {
      // Java without fonts, as in slim containers, throws errors.
      LOG.warn(
          "The plots can't be drawn ({}). If fonts are missing, install fontconfig and any font.",
          e.toString());
      LOG.debug("Plotting failed", e);
      return List.of();
    }
  }
}
