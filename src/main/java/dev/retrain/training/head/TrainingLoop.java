package dev.retrain.training.head;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.training.Evaluation;
import dev.retrain.training.Head;
import dev.retrain.training.LearningRate;
import dev.retrain.training.TrainingDivergedException;
import dev.retrain.training.TrainingListener;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.graph.BatchMetrics;
import dev.retrain.training.graph.FetchedTensors;
import dev.retrain.training.head.HeadTrainingGraph.Update;
import dev.retrain.util.Progress;
import dev.retrain.util.concurrent.PendingResult;
import dev.retrain.util.concurrent.WorkerPool;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.proto.Summary;

/**
 * One training on its way: updates, and evaluations, which run on a thread of their own beside the
 * updates that follow them. What is told, and in which order, is as if they did not.
 *
 * <p>Owns that thread and the training's batches; {@link #close()} frees them.
 */
final class TrainingLoop implements AutoCloseable {
  private final TrainingOptions options;
  private final HeadTrainingGraph graph;
  private final ValidationBatches validation;
  private final TrainingListener listener;
  private final Progress progress;

  private final LearningRate rate;
  private final TrainingBatches batches;
  private final int iterations;
  private final int interval;

  private final WorkerPool beside = new WorkerPool(1);
  private final List<Evaluation> history = new ArrayList<>();
  private Pending pending;
  private int begun;
  private Evaluation best;
  private Head head;
  private int sinceBest;

  TrainingLoop(
      TrainingOptions options,
      HeadTrainingGraph graph,
      Vectors training,
      int classes,
      ValidationBatches validation,
      TrainingListener listener,
      Progress progress) {
    this.options = options;
    this.graph = graph;
    this.validation = validation;
    this.listener = listener;
    this.progress = progress;
    rate = options.optimizer().learningRate();
    iterations = options.course().iterations(training.count());
    interval =
        options
            .evalStepInterval()
            .orElseGet(() -> options.course().evalStepInterval(training.count()));
    batches =
        new TrainingBatches(training, options.course().batches(training, classes, options.seed()));
  }

  TrainingResult run() {
    progress.begin("Training", "iterations", iterations);
    for (int iteration = 1; ; iteration++) {
      boolean cancelled = progress.cancelled();
      boolean last = iteration == iterations || cancelled;
      if (last || iteration % interval == 0) {
        evaluate(iteration);
      } else {
        updated(iteration, update(iteration, false).outcome());
      }
      // Whether it ends early hangs on what comes of the evaluation.
      if (last || options.earlyStop().isPresent() || (pending != null && pending.result.isDone())) {
        settle();
      }
      progress.advance(1);
      boolean early =
          options.earlyStop().isPresent() && sinceBest >= options.earlyStop().getAsInt();
      if (last || early) {
        return new TrainingResult(head, best, history, cancelled && iteration < iterations);
      }
    }
  }

  private Update update(int iteration, boolean forHistograms) {
    int before = iteration - 1;
    return graph.update(
        batches.next(), before, rate.at(before, iterations), averageDecay(before), forHistograms);
  }

  // Corrected for the start, as Adam's moments are: before the first update there is nothing.
  private float averageDecay(int before) {
    double decay = options.regularization().averageDecay();
    return (float) (decay * (1 - Math.pow(decay, before)) / (1 - Math.pow(decay, before + 1.0)));
  }

  private void updated(int iteration, BatchMetrics outcome) {
    if (!Float.isFinite(outcome.loss())) {
      // The evaluation before may have come apart, too.
      settle();
    }
    check(iteration, outcome);
    if (pending == null) {
      listener.updated(iteration, outcome.scalars());
    } else {
      pending.later.add(() -> listener.updated(iteration, outcome.scalars()));
    }
  }

  private void check(int iteration, BatchMetrics outcome) {
    if (!Float.isFinite(outcome.loss())) {
      throw new TrainingDivergedException(
          "The training came apart at iteration %d: the loss is %s. Try a lower --lr than %s."
              .formatted(iteration, outcome.loss(), rate.initial()));
    }
  }

  private void evaluate(int iteration) {
    boolean histograms =
        options.histogramInterval() > 0 && begun++ % options.histogramInterval() == 0;
    Update update = update(iteration, histograms);
    try {
      settle();
      updated(iteration, update.outcome());
      pending = new Pending(iteration, update, graph.averages());
    } finally {
      if (pending == null) {
        update.close();
      }
    }
  }

  /** Waits for the evaluation that is on its way, and tells of it. */
  private void settle() {
    if (pending == null) {
      return;
    }
    try (Pending settled = pending) {
      pending = null;
      Told told = settled.result.join();
      Evaluation evaluation = told.evaluation();
      history.add(evaluation);
      boolean moreAccurate =
          best == null || evaluation.validationAccuracy() > best.validationAccuracy();
      sinceBest = moreAccurate ? 0 : sinceBest + 1;
      if (best == null || evaluation.betterThan(best)) {
        best = evaluation;
        head = graph.head(settled.averages);
      }
      listener.evaluated(evaluation, told.training(), told.validation());
      settled.later.forEach(Runnable::run);
    }
  }

  /** What comes of an evaluation. */
  private record Told(Evaluation evaluation, Summary training, Summary validation) {}

  /** An evaluation on its way. Owns the numbers it is of. */
  private final class Pending implements AutoCloseable {
    private final int iteration;
    private final Update update;
    private final FetchedTensors averages;
    private final PendingResult<Told> result;

    /** What is to be told once this is. */
    private final List<Runnable> later = new ArrayList<>();

    Pending(int iteration, Update update, FetchedTensors averages) {
      this.iteration = iteration;
      this.update = update;
      this.averages = averages;
      result = beside.submit(this::evaluate);
    }

    private Told evaluate() {
      Summary training = Summary.getDefaultInstance();
      if (update.shown().isPresent()) {
        BatchMetrics outcome = graph.histograms(update.shown().get());
        check(iteration, outcome);
        training = outcome.histograms();
      }
      double right = 0;
      double loss = 0;
      int count = 0;
      Summary.Builder summary = Summary.newBuilder();
      for (BatchTensors piece : validation.next()) {
        // The histograms are those of the first images.
        BatchMetrics outcome =
            graph.evaluate(averages, piece, update.shown().isPresent() && count == 0);
        check(iteration, outcome);
        if (count == 0) {
          summary.mergeFrom(outcome.scalars()).mergeFrom(outcome.histograms());
        }
        right += (double) outcome.accuracy() * piece.size();
        loss += (double) outcome.loss() * piece.size();
        count += piece.size();
      }
      // A count, so that the mean of pieces is not off by their rounding.
      Evaluation evaluation =
          new Evaluation(
              iteration,
              update.outcome().accuracy(),
              update.outcome().loss(),
              Math.rint(right) / count,
              loss / count);
      summary
          .addValue(value("accuracy", evaluation.validationAccuracy()))
          .addValue(value("cross_entropy", evaluation.validationLoss()))
          .addValue(value("learning_rate", rate.at(iteration - 1, iterations)));
      return new Told(evaluation, training, summary.build());
    }

    @Override
    public void close() {
      update.close();
      averages.close();
    }
  }

  private static Summary.Value value(String tag, double value) {
    return Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value).build();
  }

  @Override
  public void close() {
    // Nothing may be freed that an evaluation still reads.
    beside.close();
    if (pending != null) {
      pending.close();
    }
    batches.close();
  }
}
