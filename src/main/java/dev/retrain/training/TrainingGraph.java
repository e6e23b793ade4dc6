package dev.retrain.training;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.Summary;
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
final class TrainingGraph implements AutoCloseable {
  static final ConfigProto ONE_THREAD =
      ConfigProto.newBuilder()
          .setIntraOpParallelismThreads(1)
          .setInterOpParallelismThreads(-1)
          .build();

  /** Pictures whose outputs are in a histogram, at most: more would not change its shape. */
  private static final int HISTOGRAM_ROWS = 1000;

  private final Graph graph;
  private final Session session;

  private final Placeholder<TFloat32> vectors;
  private final Placeholder<TInt32> labels;

  /** Learning rate, powers of Adam's betas, decay of the average. */
  private final Placeholder<TFloat32> settings;

  /** Updates made before. */
  private final Placeholder<TInt64> step;

  private final Forward current;
  private final Forward averaged;
  private final Operand<TString> scalars;
  private final List<Dense> kept;
  private final List<Op> updates = new ArrayList<>();

  /** A layer's numbers where they are used. */
  private record Dense(String name, Operand<TFloat32> weights, Operand<TFloat32> biases) {
    static Dense of(LayerVariables layer) {
      return new Dense(layer.name(), layer.weightValues(), layer.biasValues());
    }
  }

  /** What is to be known of a batch. */
  private record Forward(
      Operand<TFloat32> logits,
      Operand<TFloat32> loss,
      Operand<TFloat32> accuracy,
      Operand<TString> statistics,
      Operand<TString> histograms) {}

  /**
   * @param inputs length of a vector
   * @param classes number of classes
   * @param standardization what is done to vectors first
   * @param penalty weight of half the sum of the squared weights in what is to become smaller
   * @param options how to train
   */
  TrainingGraph(
      int inputs,
      int classes,
      Standardization standardization,
      float penalty,
      TrainingOptions options) {
    Regularization regularization = options.regularization();
    graph = new Graph();
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
      List<LayerVariables> layers = layers(tf, variables, inputs, classes, options, "");
      Dropout dropout = new Dropout(regularization.dropout(), options.seed(), step);
      List<Dense> read = layers.stream().map(Dense::of).toList();
      current = forward(tf, x, read, read, dropout);

      Ops average = tf.withSubScope("average");
      List<LayerVariables> averages =
          layers(average, variables, inputs, classes, options, "_average");
      List<Dense> averagesRead = averages.stream().map(Dense::of).toList();
      kept = folded(tf.withSubScope("fold"), averagesRead, mean, scale);
      // Evaluated as it will be kept, which spares standardising every vector each time.
      averaged = forward(average, vectors, kept, averagesRead, Dropout.NONE);

      Ops summaries = tf.withSubScope("summaries");
      scalars =
          summaries
              .withName("scalars")
              .summary
              .mergeSummary(
                  List.of(
                      scalarSummary(summaries, "accuracy", current.accuracy()),
                      scalarSummary(summaries, "cross_entropy", current.loss()),
                      scalarSummary(summaries, "learning_rate", setting.get(0)),
                      current.statistics()));

      // What looks at the weights looks at what was read of them before the gradients were made of
      // it; the update writes elsewhere where that is still in use. So nothing has to wait for
      // histograms, which are made only where they are fetched.
      Operand<TFloat32> objective =
          train
              .withName("objective")
              .math
              .add(
                  objectiveLoss(train, regularization.labelSmoothing()),
                  train.math.mul(squares(train, layers), train.constant(penalty)));
      Output<?>[] gradients =
          graph.addGradients(
              objective.asOutput(),
              layers.stream()
                  .flatMap(layer -> Stream.of(layer.weightValues(), layer.biasValues()))
                  .map(Operand::asOutput)
                  .toArray(Output<?>[]::new));
      UpdateOps rule =
          new UpdateOps(
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
        ? ONE_THREAD
        : ONE_THREAD.toBuilder()
            .setIntraOpParallelismThreads(Runtime.getRuntime().availableProcessors())
            .build();
  }

  // The same seeds in both places: the average starts where the weights do.
  private static List<LayerVariables> layers(
      Ops tf,
      Variables variables,
      int inputs,
      int classes,
      TrainingOptions options,
      String suffix) {
    List<LayerVariables> layers = new ArrayList<>();
    int count = options.hiddenUnits().size() + 1;
    int width = inputs;
    for (int i = 0; i < count; i++) {
      int outputs = i < count - 1 ? options.hiddenUnits().get(i) : classes;
      String name = Head.scope(i, count);
      // The final layer's numbers are the same whatever is before it.
      long number = i < count - 1 ? 2 + i : 1;
      layers.add(
          LayerVariables.of(
              tf.withSubScope(name),
              variables,
              new LayerVariables.Start(name, width, outputs, options.seed(), number),
              suffix));
      width = outputs;
    }
    return layers;
  }

  /** The layers as they are for vectors that are not standardised. */
  private static List<Dense> folded(
      Ops tf, List<Dense> layers, Operand<TFloat32> mean, Operand<TFloat32> scale) {
    Dense first = layers.get(0);
    Operand<TFloat32> weights = tf.math.mul(first.weights(), tf.expandDims(scale, tf.constant(1)));
    Operand<TFloat32> row = tf.expandDims(mean, tf.constant(0));
    Operand<TFloat32> biases =
        tf.math.sub(
            first.biases(), tf.squeeze(tf.linalg.matMul(row, weights), Squeeze.axis(List.of(0L))));
    List<Dense> folded = new ArrayList<>(layers);
    folded.set(0, new Dense(first.name(), weights, biases));
    return folded;
  }

  private static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> x) {
    return tf.math.mean(x, tf.constant(new int[] {0}));
  }

  /**
   * Adds the way from vectors to figures.
   *
   * @param tf where
   * @param x vectors
   * @param layers what they pass
   * @param shown the same layers as they are shown
   * @param dropout what hidden layers leave out
   */
  private Forward forward(
      Ops tf, Operand<TFloat32> x, List<Dense> layers, List<Dense> shown, Dropout dropout) {
    Operand<TFloat32> values = x;
    List<Operand<TString>> histograms = new ArrayList<>();
    for (int i = 0; i < layers.size() - 1; i++) {
      Ops scope = tf.withSubScope(layers.get(i).name());
      Operand<TFloat32> activations =
          scope.withName("activations").nn.relu(linear(scope, values, layers.get(i)));
      addHistograms(scope, shown.get(i), layers.get(i).name() + "/", histograms);
      histograms.add(histogram(scope, layers.get(i).name() + "/activations", activations));
      values = dropout.of(scope, activations, i);
    }
    Dense last = layers.get(layers.size() - 1);
    Ops scope = tf.withSubScope(last.name());
    Operand<TFloat32> logits = linear(scope, values, last);
    return figures(scope, logits, shown.get(layers.size() - 1), histograms);
  }

  private static Operand<TFloat32> linear(Ops tf, Operand<TFloat32> x, Dense layer) {
    return tf.withName("pre_activations")
        .math
        .add(tf.linalg.matMul(x, layer.weights()), layer.biases());
  }

  private Forward figures(
      Ops tf, Operand<TFloat32> logits, Dense shown, List<Operand<TString>> hidden) {
    Operand<TFloat32> probabilities = tf.withName("activations").nn.softmax(logits);
    Operand<TFloat32> loss = mean(tf.withName("cross_entropy"), crossEntropy(tf, logits, 0));
    Operand<TInt32> predicted = tf.math.argMax(logits, tf.constant(1), TInt32.class);
    Operand<TFloat32> accuracy =
        mean(
            tf.withName("accuracy"),
            tf.dtypes.cast(tf.math.equal(predicted, labels), TFloat32.class));
    List<Operand<TString>> statistics = new ArrayList<>();
    addStatistics(tf, "weights", shown.weights(), statistics);
    addStatistics(tf, "biases", shown.biases(), statistics);
    List<Operand<TString>> histograms = new ArrayList<>();
    addHistograms(tf, shown, "", histograms);
    histograms.add(histogram(tf, "pre_activations", logits));
    histograms.add(histogram(tf, "activations", probabilities));
    histograms.addAll(hidden);
    return new Forward(
        logits,
        loss,
        accuracy,
        tf.withName("statistics").summary.mergeSummary(statistics),
        tf.withName("histograms").summary.mergeSummary(histograms));
  }

  /** [n]: of the labels, or of labels of which a share is spread over all classes. */
  private Operand<TFloat32> crossEntropy(Ops tf, Operand<TFloat32> logits, double smoothing) {
    int classes = Math.toIntExact(logits.shape().get(1));
    Operand<TFloat32> targets =
        tf.oneHot(
            labels,
            tf.constant(classes),
            tf.constant((float) (1 - smoothing + smoothing / classes)),
            tf.constant((float) (smoothing / classes)));
    // The sparse op has no gradient in TensorFlow's C API.
    return tf.nn.softmaxCrossEntropyWithLogits(logits, targets).loss();
  }

  private Operand<TFloat32> objectiveLoss(Ops tf, double smoothing) {
    return smoothing == 0
        ? current.loss()
        : mean(tf, crossEntropy(tf, current.logits(), smoothing));
  }

  private static Operand<TFloat32> squares(Ops tf, List<LayerVariables> layers) {
    Operand<TFloat32> sum = tf.nn.l2Loss(layers.get(0).weightValues());
    for (LayerVariables layer : layers.subList(1, layers.size())) {
      sum = tf.math.add(sum, tf.nn.l2Loss(layer.weightValues()));
    }
    return sum;
  }

  private static void addHistograms(
      Ops tf, Dense layer, String prefix, List<Operand<TString>> parts) {
    parts.add(
        tf.summary.histogramSummary(tf.constant(prefix + "weights/histogram"), layer.weights()));
    parts.add(
        tf.summary.histogramSummary(tf.constant(prefix + "biases/histogram"), layer.biases()));
  }

  private static Operand<TString> histogram(Ops tf, String tag, Operand<TFloat32> rows) {
    return tf.summary.histogramSummary(
        tf.constant(tag), tf.stridedSlice(rows, Indices.sliceTo(HISTOGRAM_ROWS), Indices.all()));
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

  private static void addStatistics(
      Ops tf, String name, Operand<TFloat32> x, List<Operand<TString>> parts) {
    Operand<TFloat32> flat = tf.reshape(x, tf.constant(new int[] {-1}));
    Operand<TInt32> axis = tf.constant(0);
    Operand<TFloat32> mean = tf.math.mean(flat, axis);
    Operand<TFloat32> stddev =
        tf.math.sqrt(tf.math.mean(tf.math.square(tf.math.sub(flat, mean)), axis));
    parts.add(scalarSummary(tf, name + "/mean", mean));
    parts.add(scalarSummary(tf, name + "/stddev", stddev));
    parts.add(scalarSummary(tf, name + "/max", tf.max(flat, axis)));
    parts.add(scalarSummary(tf, name + "/min", tf.min(flat, axis)));
  }

  private static Operand<TString> scalarSummary(Ops tf, String tag, Operand<TFloat32> value) {
    return tf.summary.scalarSummary(tf.constant(tag), value);
  }

  /** The graph's definition, for TensorBoard. */
  GraphDef definition() {
    return graph.toGraphDef();
  }

  /**
   * How a batch was told.
   *
   * @param accuracy 0 to 1
   * @param loss mean cross-entropy, nats
   * @param scalars of an update: accuracy, cross_entropy, learning_rate and what the weights are
   *     like; of an evaluation: the last alone
   * @param histograms of weights, biases and outputs, or empty
   */
  record Outcome(float accuracy, float loss, Summary scalars, Summary histograms) {}

  /**
   * Makes one update.
   *
   * @param before updates made before
   * @param rate the learning rate
   * @param decay the average's, 0 to 1
   * @param withHistograms whether histograms of the batch are wanted
   * @return how the batch was told before the update
   */
  Outcome update(Batch batch, int before, float rate, float decay, boolean withHistograms) {
    float power1 = (float) Math.pow(UpdateOps.BETA1, before + 1.0);
    float power2 = (float) Math.pow(UpdateOps.BETA2, before + 1.0);
    try (TFloat32 values = TFloat32.vectorOf(rate, power1, power2, decay);
        TInt64 stepTensor = TInt64.scalarOf(before)) {
      Session.Runner runner =
          runner(current, scalars, batch, withHistograms)
              .feed(settings, values)
              .feed(step, stepTensor);
      updates.forEach(runner::addTarget);
      return run(runner, withHistograms);
    }
  }

  /** Evaluates the averaged layer on a batch. */
  Outcome evaluate(Batch batch, boolean withHistograms) {
    return run(runner(averaged, averaged.statistics(), batch, withHistograms), withHistograms);
  }

  private Session.Runner runner(
      Forward layer, Operand<TString> layerScalars, Batch batch, boolean withHistograms) {
    Session.Runner runner =
        session
            .runner()
            .feed(vectors, batch.vectors())
            .feed(labels, batch.labels())
            .fetch(layer.accuracy())
            .fetch(layer.loss())
            .fetch(layerScalars);
    return withHistograms ? runner.fetch(layer.histograms()) : runner;
  }

  private static Outcome run(Session.Runner runner, boolean withHistograms) {
    try (Result result = runner.run()) {
      return new Outcome(
          ((TFloat32) result.get(0)).getFloat(),
          ((TFloat32) result.get(1)).getFloat(),
          summary(result, 2),
          withHistograms ? summary(result, 3) : Summary.getDefaultInstance());
    } catch (IllegalArgumentException e) {
      // Histograms refuse numbers that are none; what matters is that the loss is none.
      if (String.valueOf(e.getMessage()).contains("istogram")) {
        return new Outcome(
            0, Float.NaN, Summary.getDefaultInstance(), Summary.getDefaultInstance());
      }
      throw e;
    }
  }

  private static Summary summary(Result result, int index) {
    try {
      return Summary.parseFrom(((TString) result.get(index)).asBytes().getObject());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("TensorFlow made a summary that it can't read", e);
    }
  }

  /** The averaged layers as they are now, for vectors as they come. */
  Head head() {
    Session.Runner runner = session.runner();
    kept.forEach(layer -> runner.fetch(layer.weights()).fetch(layer.biases()));
    try (Result result = runner.run()) {
      List<DenseLayer> layers = new ArrayList<>();
      for (int i = 0; i < result.size(); i += 2) {
        TFloat32 weights = (TFloat32) result.get(i);
        int inputs = Math.toIntExact(weights.shape().get(0));
        int outputs = Math.toIntExact(weights.shape().get(1));
        layers.add(
            new DenseLayer(inputs, outputs, floats(weights), floats((TFloat32) result.get(i + 1))));
      }
      return new Head(layers);
    }
  }

  private static float[] floats(TFloat32 tensor) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
