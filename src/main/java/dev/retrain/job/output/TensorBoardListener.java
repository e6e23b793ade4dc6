package dev.retrain.job.output;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneGraph;
import dev.retrain.tensorboard.EventFileWriter;
import dev.retrain.tensorboard.GraphSummary;
import dev.retrain.tensorboard.HParams;
import dev.retrain.tensorboard.HParams.Status;
import dev.retrain.tensorboard.LogDirectory;
import dev.retrain.training.Evaluation;
import dev.retrain.training.TrainingListener;
import dev.retrain.util.RetrainException;
import dev.retrain.util.concurrent.SerialWorker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.Summary;

/**
 * Writes what a training tells to two event files, on a thread of its own, so that the training
 * waits for no disk and for no image of its graph.
 *
 * <p>What the training is given goes to the validation images' file: TensorBoard compares such runs
 * by the figures beside.
 *
 * <p>Owns files and thread; {@link #close()} ends them once everything is written.
 */
public final class TensorBoardListener implements TrainingListener, AutoCloseable {
  private static final String TRAINING_INPUT = "input/bottleneck";

  /** Events that may wait to be written. */
  private static final int WAITING = 1024;

  private final Optional<Backbone> backbone;
  private final Map<String, String> hyperparameters;
  private final EventFileWriter train;
  private final EventFileWriter validation;
  private final SerialWorker<Writing> events;

  /**
   * @param directory TensorBoard's directory
   * @param backbone the network that is shown before the layer; absent where there is none
   * @param hyperparameters what the training is given, by the options' names
   */
  public TensorBoardListener(
      Path directory, Optional<Backbone> backbone, Map<String, String> hyperparameters)
      throws IOException {
    this.backbone = backbone;
    this.hyperparameters = hyperparameters;
    train = new EventFileWriter(LogDirectory.train(directory));
    try {
      validation = new EventFileWriter(LogDirectory.validation(directory));
    } catch (IOException e) {
      train.close();
      throw e;
    }
    events = new SerialWorker<>("tensorboard-writer", WAITING, TensorBoardListener::write);
  }

  @Override
  public void started(GraphDef graph) {
    Instant now = Instant.now();
    events.put(
        () -> {
          validation.add(0, HParams.start(hyperparameters, now));
          validation.flush();
          train.add(shown(graph));
        });
  }

  private GraphDef shown(GraphDef graph) {
    return backbone
        .map(network -> behind(network, graph))
        .orElseGet(() -> GraphSummary.withoutWeights(graph));
  }

  private static GraphDef behind(Backbone backbone, GraphDef graph) {
    try (BackboneGraph network = new BackboneGraph(backbone)) {
      return GraphSummary.connected(
          network.graph().toGraphDef(), network.vector().op().name(), graph, TRAINING_INPUT);
    }
  }

  @Override
  public void updated(int iteration, Summary summary) {
    events.put(() -> train.add(iteration, summary));
  }

  @Override
  public void evaluated(Evaluation evaluation, Summary training, Summary validationSummary) {
    events.put(
        () -> {
          train.add(evaluation.iteration(), training);
          validation.add(evaluation.iteration(), validationSummary);
          train.flush();
          validation.flush();
        });
  }

  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  private static void write(List<Writing> writings) {
    try {
      for (Writing writing : writings) {
        writing.run();
      }
    } catch (IOException e) {
      throw new RetrainException("TensorBoard's events can't be written (%s).".formatted(e), e);
    }
  }

  /**
   * Waits until everything is written.
   *
   * @param status how the training ended
   * @throws RetrainException where the writing failed
   */
  public void finish(Status status) {
    Instant now = Instant.now();
    events.put(() -> validation.add(0, HParams.end(status, now)));
    events.finish();
  }

  @Override
  public void close() throws IOException {
    events.close();
    try (train) {
      validation.close();
    }
  }
}
