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
 * Writes a training's summaries to two event files, on a thread of its own, so that the training
 * waits neither for the disk nor for the preparation of the graph.
 *
 * <p>The hyperparameters are written to the file of the validation set: TensorBoard compares runs
 * by the metrics in the same file.
 *
 * <p>Owns the files and the thread; {@link #close()} ends both after everything is written.
 */
public final class TensorBoardListener implements TrainingListener, AutoCloseable {
  private static final String TRAINING_INPUT = "input/bottleneck";

  private static final int QUEUE_CAPACITY = 1024;

  private final Optional<Backbone> backbone;
  private final Map<String, String> hyperparameters;
  private final EventFileWriter train;
  private final EventFileWriter validation;
  private final SerialWorker<Write> events;

  /**
   * @param directory TensorBoard's directory
   * @param backbone the backbone, which is part of the graph that TensorBoard shows; absent if
   *     there is none
   * @param hyperparameters the training's settings, in order
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
    events = new SerialWorker<>("tensorboard-writer", QUEUE_CAPACITY, TensorBoardListener::write);
  }

  @Override
  public void started(GraphDef graph) {
    Instant now = Instant.now();
    events.put(
        () -> {
          validation.add(0, HParams.start(hyperparameters, now));
          validation.flush();
          train.add(fullGraph(graph));
        });
  }

  private GraphDef fullGraph(GraphDef graph) {
    return backbone
        .map(network -> join(network, graph))
        .orElseGet(() -> GraphSummary.withoutWeights(graph));
  }

  private static GraphDef join(Backbone backbone, GraphDef graph) {
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
  private interface Write {
    void run() throws IOException;
  }

  private static void write(List<Write> writes) {
    try {
      for (Write write : writes) {
        write.run();
      }
    } catch (IOException e) {
      throw new RetrainException(e.getMessage(), e);
    }
  }

  /**
   * Writes the end of the training, and waits until everything is written.
   *
   * @param status how the training ended
   * @throws RetrainException if a file can't be written
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
