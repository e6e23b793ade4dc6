package dev.retrain.training;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.training.TrainingGraph.Outcome;
import dev.retrain.work.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.tensorflow.proto.Summary;

/** Fits a head to vectors. */
public final class Trainer {
  /** Validation pictures evaluated at once: bounds the memory, not the result. */
  private static final int PIECE = 8192;

  private final TrainingOptions options;
  private final TrainingListener listener;
  private final Progress progress;

  /**
   * @param options how
   * @param listener hears how it goes
   * @param progress is told of every iteration, and may stop the work
   */
  public Trainer(TrainingOptions options, TrainingListener listener, Progress progress) {
    this.options = options;
    this.listener = listener;
    this.progress = progress;
  }

  /**
   * Trains a head. Equal vectors and options give equal weights, bit for bit, on one machine.
   *
   * @param training the vectors to fit to, at least one
   * @param validation the vectors to choose by, at least one
   * @param classes number of classes
   * @return the best head, by accuracy on the validation vectors
   * @throws DivergedTraining where the loss is no longer a number
   */
  public TrainingResult train(Vectors training, Vectors validation, int classes) {
    Standardization standardization =
        options.regularization().standardize()
            ? Standardization.of(training)
            : Standardization.none(training.length());
    try (TrainingGraph graph =
            new TrainingGraph(
                training.length(),
                classes,
                standardization,
                (float) (options.regularization().l2() / training.count()),
                options);
        ValidationBatches pieces = new ValidationBatches(validation, classes)) {
      listener.started(graph.definition());
      int iterations = options.course().iterations(training.count());
      progress.begin("Training", "iterations", iterations);
      return new Run(graph, training, classes, pieces, iterations).run();
    } finally {
      progress.end();
    }
  }

  /** One training on its way. */
  private final class Run {
    private final TrainingGraph graph;
    private final Vectors training;
    private final Supplier<int[]> draws;
    private final ValidationBatches validation;
    private final int iterations;
    private final int interval;
    private final LearningRate rate = options.optimizer().learningRate();
    private final List<Evaluation> history = new ArrayList<>();

    Run(
        TrainingGraph graph,
        Vectors training,
        int classes,
        ValidationBatches validation,
        int iterations) {
      this.graph = graph;
      this.training = training;
      this.validation = validation;
      this.iterations = iterations;
      draws = options.course().batches(training, classes, options.seed());
      interval =
          options
              .evalStepInterval()
              .orElseGet(() -> options.course().evalStepInterval(training.count()));
    }

    TrainingResult run() {
      Evaluation best = null;
      Head head = null;
      int sinceBest = 0;
      for (int iteration = 1; ; iteration++) {
        boolean cancelled = progress.cancelled();
        boolean last = iteration == iterations || cancelled;
        boolean evaluate = last || iteration % interval == 0;
        boolean histograms = evaluate && withHistograms();
        Outcome update = update(iteration, histograms);
        if (evaluate) {
          Evaluation evaluation = evaluate(iteration, update, histograms);
          history.add(evaluation);
          boolean better = best == null || evaluation.betterThan(best);
          boolean moreAccurate =
              best == null || evaluation.validationAccuracy() > best.validationAccuracy();
          sinceBest = moreAccurate ? 0 : sinceBest + 1;
          if (better) {
            best = evaluation;
            head = graph.head();
          }
        }
        progress.advance(1);
        boolean early =
            options.earlyStop().isPresent() && sinceBest >= options.earlyStop().getAsInt();
        if (last || early) {
          return new TrainingResult(head, best, history, cancelled && iteration < iterations);
        }
      }
    }

    private Outcome update(int iteration, boolean withHistograms) {
      try (Batch batch = new Batch(training, draws.get())) {
        int before = iteration - 1;
        Outcome outcome =
            graph.update(
                batch, before, rate.at(before, iterations), averageDecay(before), withHistograms);
        check(outcome, iteration);
        listener.updated(iteration, outcome.scalars());
        return outcome;
      }
    }

    private void check(Outcome outcome, int iteration) {
      if (!Float.isFinite(outcome.loss())) {
        throw new DivergedTraining(
            "The training came apart at iteration %d: the loss is %s. Try a lower --lr than %s."
                .formatted(iteration, outcome.loss(), rate.initial()));
      }
    }

    // Corrected for the start, as Adam's moments are: before the first update there is nothing.
    private float averageDecay(int before) {
      double decay = options.regularization().averageDecay();
      return (float) (decay * (1 - Math.pow(decay, before)) / (1 - Math.pow(decay, before + 1.0)));
    }

    private boolean withHistograms() {
      return options.histogramInterval() > 0 && history.size() % options.histogramInterval() == 0;
    }

    private Evaluation evaluate(int iteration, Outcome update, boolean histograms) {
      double right = 0;
      double loss = 0;
      int count = 0;
      Summary.Builder summary = Summary.newBuilder();
      for (Batch piece : validation.next()) {
        // The histograms are those of the first pictures.
        Outcome outcome = graph.evaluate(piece, histograms && count == 0);
        check(outcome, iteration);
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
              iteration, update.accuracy(), update.loss(), Math.rint(right) / count, loss / count);
      summary
          .addValue(value("accuracy", evaluation.validationAccuracy()))
          .addValue(value("cross_entropy", evaluation.validationLoss()))
          .addValue(value("learning_rate", rate.at(iteration - 1, iterations)));
      listener.evaluated(evaluation, update.histograms(), summary.build());
      return evaluation;
    }
  }

  private static Summary.Value value(String tag, double value) {
    return Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value).build();
  }

  /** What an evaluation looks at: all vectors, in tensors made once, or another batch each time. */
  private final class ValidationBatches implements AutoCloseable {
    private final Vectors vectors;
    private final BatchSampler sampler;
    private final List<Batch> batches = new ArrayList<>();

    ValidationBatches(Vectors vectors, int classes) {
      this.vectors = vectors;
      // Not the training's draws again.
      sampler = new BatchSampler(vectors, classes, ~options.seed());
      if (options.validationBatchSize() == TrainingOptions.ALL) {
        for (int from = 0; from < vectors.count(); from += PIECE) {
          batches.add(
              new Batch(
                  vectors,
                  IntStream.range(from, Math.min(from + PIECE, vectors.count())).toArray()));
        }
      }
    }

    List<Batch> next() {
      if (options.validationBatchSize() != TrainingOptions.ALL) {
        close();
        batches.clear();
        batches.add(new Batch(vectors, sampler.next(options.validationBatchSize())));
      }
      return batches;
    }

    @Override
    public void close() {
      batches.forEach(Batch::close);
    }
  }
}
