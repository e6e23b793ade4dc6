package dev.retrain.job.output;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneGraph;
import dev.retrain.tensorboard.EventFileReader;
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
import java.util.function.Predicate;
import org.tensorflow.proto.Event;
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

  private final Path directory;
  private final Optional<Backbone> backbone;
  private final Map<String, String> hyperparameters;
  private final EventFileWriter train;
  private final EventFileWriter validation;
  private final SerialWorker<Write> events;
  private Optional<EventPosition> resumed = Optional.empty();

  /**
   * @param directory TensorBoard's directory
   * @param backbone the backbone, which is part of the graph that TensorBoard shows; absent if
   *     there is none
   * @param hyperparameters the training's settings, in order
   */
  public TensorBoardListener(
      Path directory, Optional<Backbone> backbone, Map<String, String> hyperparameters)
      throws IOException {
    this.directory = directory;
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

  /**
   * Continues the events of an interrupted training: copies them up to a position, and then ignores
   * those that the resumed training repeats. If they are not among the earlier runs, nothing
   * happens.
   *
   * @param position where its events stood when its state was saved
   * @return whether they are there
   * @throws IOException if a file can't be read or written
   */
  public boolean resume(EventPosition position) throws IOException {
    Optional<Path> earlier =
        LogDirectory.findEarlier(directory, position.train(), position.validation());
    if (earlier.isEmpty()) {
      return false;
    }
    copy(LogDirectory.train(earlier.get()).resolve(position.train()), position::hasTrained, train);
    copy(
        LogDirectory.validation(earlier.get()).resolve(position.validation()),
        position::hasEvaluated,
        validation);
    resumed = Optional.of(position);
    return true;
  }

  private static void copy(Path file, Predicate<Event> kept, EventFileWriter to)
      throws IOException {
    for (Event event : EventFileReader.read(file)) {
      if (kept.test(event)) {
        to.add(event);
      }
    }
    to.flush();
  }

  /**
   * Makes all events so far visible to readers of the files.
   *
   * @param iteration the last iteration
   * @param evaluated the last iteration that was evaluated
   * @return where the events stand
   */
  public EventPosition flush(int iteration, int evaluated) {
    events.put(
        () -> {
          train.flush();
          validation.flush();
        });
    return new EventPosition(train.name(), validation.name(), iteration, evaluated);
  }

  @Override
  public void started(GraphDef graph) {
    if (resumed.isPresent()) {
      return;
    }
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
    if (resumed.isEmpty() || iteration > resumed.get().iteration()) {
      events.put(() -> train.add(iteration, summary));
    }
  }

  @Override
  public void evaluated(Evaluation evaluation, Summary training, Summary validationSummary) {
    if (resumed.isPresent() && evaluation.iteration() <= resumed.get().evaluated()) {
      return;
    }
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
