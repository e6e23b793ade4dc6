package dev.retrain.cli.output;

import dev.retrain.job.output.TrainOutputs;
import dev.retrain.report.TrainingPlots;
import dev.retrain.training.TrainingResult;
import dev.retrain.util.io.OutputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plots of a training.
 *
 * @param files the files; empty if no plots are wanted, or they can't be drawn or written
 * @param failure why they can't be written, if so
 */
public record PlotFiles(List<Path> files, Optional<OutputException> failure) {
  private static final Logger LOG = LoggerFactory.getLogger(PlotFiles.class);

  private static final PlotFiles NONE = new PlotFiles(List.of(), Optional.empty());

  public PlotFiles {
    files = List.copyOf(files);
  }

  /**
   * Writes {@code accuracy_plot.png} and {@code loss_plot.png}. Where Java has no fonts, as in slim
   * containers, a warning is logged, and there are no plots.
   *
   * @param result the training
   * @param outputs where the results go
   */
  public static PlotFiles write(TrainingResult result, TrainOutputs outputs) {
    return outputs.plotsDir().map(directory -> write(result, directory)).orElse(NONE);
  }

  private static PlotFiles write(TrainingResult result, Path directory) {
    Path accuracy = directory.resolve("accuracy_plot.png");
    Path loss = directory.resolve("loss_plot.png");
    try {
      TrainingPlots.metric(
          result.head().objective(), result.history(), result.best().iteration(), accuracy);
      TrainingPlots.loss(result.history(), result.best().iteration(), loss);
      return new PlotFiles(List.of(accuracy, loss), Optional.empty());
    } catch (IOException e) {
      return new PlotFiles(List.of(), Optional.of(OutputException.file(directory, e)));
    } catch (LinkageError | InternalError e) {
      LOG.warn(
          "The plots can't be drawn ({}). If fonts are missing, install fontconfig and any font.",
          e.toString());
      LOG.debug("Plotting failed", e);
      return NONE;
    }
  }

  /**
   * Fails if the plots can't be written. The caller prints the results before: the model is
   * complete.
   */
  public void check() throws OutputException {
    if (failure.isPresent()) {
      throw failure.get();
    }
  }
}
