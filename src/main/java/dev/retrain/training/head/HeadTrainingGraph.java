package dev.retrain.training.head;

import dev.retrain.training.DenseOps;
import dev.retrain.training.Head;
import dev.retrain.training.Regularization;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.graph.BatchMetrics;
import dev.retrain.training.graph.DenseVariables;
import dev.retrain.training.graph.DropoutOps;
import dev.retrain.training.graph.FetchedTensors;
import dev.retrain.training.graph.MetricOps;
import dev.retrain.training.graph.OptimizerOps;
import dev.retrain.training.graph.Variables;
import dev.retrain.util.SessionConfigs;
import dev.retrain.util.TensorFlowRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;

/**
 * The TensorFlow graph that trains a head, and its session. What is evaluated and kept is an
 * exponential moving average of the weights (B. Polyak and A. Juditsky, 1992), which is steadier
 * than the last update.
 *
 * <p>It computes on one thread, and hidden layers on as many as there are cores: the sums it makes
 * have one order then, and equal input gives equal weights, bit for bit. On other numbers of cores,
 * hidden layers differ by rounding.
 *
 * <p>Owns both native objects; {@link #close()} frees them.
 */
final class HeadTrainingGraph implements AutoCloseable {
  /** What is fetched of every batch before anything else. */
  private static final int FIGURES = 3;

  private final Graph graph;
  private final Session session;

  private final Placeholder<TFloat32> vectors;
  private final Placeholder<TInt32> labels;

  /** Learning rate, powers of Adam's betas, decay of the average. */
  private final Placeholder<TFloat32> settings;

  /** Updates made before. */
  private final Placeholder<TInt64> step;

  private final MetricOps current;
  private final MetricOps averaged;
  private final Operand<TString> scalars;

  /** What the histograms of an update are made of. */
  private final List<Operand<TFloat32>> shown;

  /** What an evaluation knows of the averages: what is kept of each layer, then the averages. */
  private final List<Operand<TFloat32>> evaluated;

  /** How many layers are kept. */
  private final int kept;

  private final List<Op> updates = new ArrayList<>();

  /**
   * @param inputs length of a vector
   * @param classes number of classes
   * @param standardization what is done to vectors first
   * @param penalty weight of half the sum of the squared weights in what is to become smaller
   * @param options how to train
   */
  HeadTrainingGraph(
      int inputs,
      int classes,
      Standardization standardization,
      float penalty,
      TrainingOptions options) {
    Regularization regularization = options.regularization();
    graph = TensorFlowRuntime.newGraph();
    Session opened = null;
    try {
      Ops tf = Ops.create(graph);
      Ops input = tf.withSubScope("input");
      vectors =
          input
              .withName("bottleneck")
              .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, inputs)));
      labels = input.withName("label").placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
      Operand<TFloat32> mean = input.withName("mean").constant(standardization.mean());
      Operand<TFloat32> scale = input.withName("scale").constant(standardization.scale());
      Operand<TFloat32> x =
          input.withName("standardized").math.mul(input.math.sub(vectors, mean), scale);

      Ops train = tf.withSubScope("train");
      settings =
          train.withName("settings").placeholder(TFloat32.class, Placeholder.shape(Shape.of(4)));
      step = train.withName("step").placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
      List<Output<TFloat32>> setting = train.unstack(settings, 4L).output();

      Variables variables = new Variables();
      List<DenseVariables> layers = DenseVariables.all(tf, variables, inputs, classes, options, "");
      DropoutOps dropout = new DropoutOps(regularization.dropout(), options.seed(), step);
      List<DenseOps> read = layers.stream().map(DenseOps::read).toList();
      current = MetricOps.build(labels, x, read, read, dropout);
      shown = Stream.of(DenseOps.numbers(read), current.outputs()).flatMap(List::stream).toList();

      // The same seeds: the average starts where the weights do.
      Ops average = tf.withSubScope("average");
      List<DenseVariables> averages =
          DenseVariables.all(average, variables, inputs, classes, options, "_average");
      List<DenseOps> averagesRead = averages.stream().map(DenseOps::read).toList();
      List<DenseOps> folded = DenseOps.folded(tf.withSubScope("fold"), averagesRead, mean, scale);
      // Evaluated as it will be kept, which spares standardising every vector each time.
      averaged = MetricOps.build(labels, vectors, folded, averagesRead, DropoutOps.NONE);
      kept = folded.size();
      // Only the first layer's are folded: the others are the averages.
      evaluated =
          Stream.of(DenseOps.numbers(folded), DenseOps.numbers(averagesRead.subList(0, 1)))
              .flatMap(List::stream)
              .toList();

      Ops summaries = tf.withSubScope("summaries");
      scalars =
          summaries
              .withName("scalars")
              .summary
              .mergeSummary(
                  List.of(
                      MetricOps.scalarSummary(summaries, "accuracy", current.accuracy()),
                      MetricOps.scalarSummary(summaries, "cross_entropy", current.loss()),
                      MetricOps.scalarSummary(summaries, "learning_rate", setting.get(0)),
                      current.statistics()));

      // What looks at the weights looks at what was read of them before the gradients were made of
      // it; the update writes elsewhere where that is still in use. So nothing has to wait for
      // histograms, which are made only where they are fetched.
      Operand<TFloat32> objective =
          train
              .withName("objective")
              .math
              .add(
                  current.smoothedLoss(train, regularization.labelSmoothing()),
                  train.math.mul(squares(train, layers), train.constant(penalty)));
      Output<?>[] gradients =
          graph.addGradients(
              objective.asOutput(),
              layers.stream()
                  .flatMap(layer -> Stream.of(layer.weightValues(), layer.biasValues()))
                  .map(Operand::asOutput)
                  .toArray(Output<?>[]::new));
      OptimizerOps rule =
          new OptimizerOps(
              train,
              variables,
              options.optimizer(),
              regularization.weightDecay(),
              setting.get(0),
              setting.get(1),
              setting.get(2));
      List<Op> steps = new ArrayList<>();
      for (int i = 0; i < layers.size(); i++) {
        steps.addAll(
            rule.update(
                layers.get(i),
                gradients[2 * i].expect(TFloat32.class),
                gradients[2 * i + 1].expect(TFloat32.class)));
      }
      updates.addAll(steps);
      Ops last = average.withControlDependencies(steps);
      for (int i = 0; i < layers.size(); i++) {
        follow(last, layers.get(i).weights(), averages.get(i).weights(), setting.get(3));
        follow(last, layers.get(i).biases(), averages.get(i).biases(), setting.get(3));
      }

      opened = new Session(graph, threads(options));
      session = opened;
      variables.initialize(session);
    } catch (RuntimeException e) {
      if (opened != null) {
        opened.close();
      }
      graph.close();
      throw e;
    }
  }

  // Cut in as many pieces, sums have one order too. For a final layer alone, threads cost more
  // than they bring.
  private static ConfigProto threads(TrainingOptions options) {
    return options.hiddenUnits().isEmpty()
        ? SessionConfigs.SINGLE_THREADED
        : SessionConfigs.SINGLE_THREADED.toBuilder()
            .setIntraOpParallelismThreads(Runtime.getRuntime().availableProcessors())
            .build();
  }

  private static Operand<TFloat32> squares(Ops tf, List<DenseVariables> layers) {
    Operand<TFloat32> sum = tf.nn.l2Loss(layers.get(0).weightValues());
    for (DenseVariables layer : layers.subList(1, layers.size())) {
      sum = tf.math.add(sum, tf.nn.l2Loss(layer.weightValues()));
    }
    return sum;
  }

  /** {@code average = decay * average + (1 - decay) * variable}, once the variable is updated. */
  private void follow(Ops tf, VarHandleOp variable, VarHandleOp average, Operand<TFloat32> decay) {
    Operand<TFloat32> gap =
        tf.math.sub(
            tf.readVariableOp(average, TFloat32.class),
            tf.readVariableOp(variable, TFloat32.class));
    updates.add(
        tf.assignSubVariableOp(average, tf.math.mul(gap, tf.math.sub(tf.constant(1f), decay))));
  }

  /** The graph's definition, for TensorBoard. */
  GraphDef definition() {
    return graph.toGraphDef();
  }

  /**
   * What came of an update; to be closed.
   *
   * @param outcome how the batch was told before it
   * @param shown what histograms of the batch are made of, if they are wanted
   */
  record Update(BatchMetrics outcome, Optional<FetchedTensors> shown) implements AutoCloseable {
    @Override
    public void close() {
      shown.ifPresent(FetchedTensors::close);
    }
  }

  /**
   * Makes one update.
   *
   * @param before updates made before
   * @param rate the learning rate
   * @param decay the average's, 0 to 1
   * @param forHistograms whether histograms of the batch are wanted
   */
  Update update(BatchTensors batch, int before, float rate, float decay, boolean forHistograms) {
    float power1 = (float) Math.pow(OptimizerOps.BETA1, before + 1.0);
    float power2 = (float) Math.pow(OptimizerOps.BETA2, before + 1.0);
    try (TFloat32 values = TFloat32.vectorOf(rate, power1, power2, decay);
        TInt64 stepTensor = TInt64.scalarOf(before)) {
      Session.Runner runner =
          fetch(session.runner(), current, scalars, batch)
              .feed(settings, values)
              .feed(step, stepTensor);
      updates.forEach(runner::addTarget);
      if (!forHistograms) {
        try (Result result = runner.run()) {
          return new Update(BatchMetrics.of(result, BatchMetrics.none()), Optional.empty());
        }
      }
      shown.forEach(runner::fetch);
      Result result = runner.run();
      return new Update(
          BatchMetrics.of(result, BatchMetrics.none()),
          Optional.of(new FetchedTensors(result, FIGURES, shown)));
    }
  }

  /** The averaged layers as they are now. */
  FetchedTensors averages() {
    Session.Runner runner = session.runner();
    evaluated.forEach(runner::fetch);
    return new FetchedTensors(runner.run(), 0, evaluated);
  }

  /**
   * Evaluates averaged layers on a batch. May run beside updates.
   *
   * @param averages the layers
   * @param withHistograms whether histograms are wanted, too
   */
  BatchMetrics evaluate(FetchedTensors averages, BatchTensors batch, boolean withHistograms) {
    Session.Runner runner =
        fetch(averages.feed(session.runner()), averaged, averaged.statistics(), batch);
    if (withHistograms) {
      runner.fetch(averaged.histograms());
    }
    try (Result result = runner.run()) {
      return BatchMetrics.of(
          result, withHistograms ? BatchMetrics.summary(result, FIGURES) : BatchMetrics.none());
    } catch (IllegalArgumentException e) {
      return withoutNumbers(e);
    }
  }

  /**
   * Makes the histograms of an update. May run beside updates.
   *
   * @param update what it kept
   * @return an outcome whose histograms count; its loss is none where they can't be made
   */
  BatchMetrics histograms(FetchedTensors update) {
    try (Result result = update.feed(session.runner()).fetch(current.histograms()).run()) {
      return new BatchMetrics(0, 0, BatchMetrics.none(), BatchMetrics.summary(result, 0));
    } catch (IllegalArgumentException e) {
      return withoutNumbers(e);
    }
  }

  // Histograms refuse numbers that are none; what matters is that the loss is none.
  private static BatchMetrics withoutNumbers(IllegalArgumentException e) {
    if (String.valueOf(e.getMessage()).contains("istogram")) {
      return BatchMetrics.APART;
    }
    throw e;
  }

  private Session.Runner fetch(
      Session.Runner runner, MetricOps layers, Operand<TString> layerScalars, BatchTensors batch) {
    return runner
        .feed(vectors, batch.vectors())
        .feed(labels, batch.labels())
        .fetch(layers.accuracy())
        .fetch(layers.loss())
        .fetch(layerScalars);
  }

  /** Averaged layers, for vectors as they come. */
  Head head(FetchedTensors averages) {
    return averages.head(kept);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
