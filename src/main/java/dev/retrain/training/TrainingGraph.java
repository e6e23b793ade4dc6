package dev.retrain.training;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
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
import org.tensorflow.op.random.TruncatedNormal;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.Summary;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;

/**
 * The TensorFlow graph that trains a softmax layer with Adam (D. Kingma and J. Ba, 2015; beta1 0.9,
 * beta2 0.999, epsilon 1e-8), and its session. What is evaluated and kept is an exponential moving
 * average of the weights (B. Polyak and A. Juditsky, 1992), which is steadier than the last update.
 *
 * <p>It computes on one thread: the sums it makes then have one order, and equal input gives equal
 * weights, bit for bit.
 *
 * <p>Owns both native objects; {@link #close()} frees them.
 */
final class TrainingGraph implements AutoCloseable {
  static final ConfigProto ONE_THREAD =
      ConfigProto.newBuilder()
          .setIntraOpParallelismThreads(1)
          .setInterOpParallelismThreads(-1)
          .build();

  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  /** Pictures whose outputs are in a histogram, at most: more would not change its shape. */
  private static final int HISTOGRAM_ROWS = 1000;

  /** Standard deviation of the first weights, retrain.py's. */
  private static final float INITIAL_STDDEV = 0.001f;

  private final int inputs;
  private final int classes;
  private final Graph graph;
  private final Session session;

  private final Placeholder<TFloat32> vectors;
  private final Placeholder<TInt32> labels;
  private final Placeholder<TFloat32> learningRate;
  private final Placeholder<TFloat32> beta1Power;
  private final Placeholder<TFloat32> beta2Power;

  private final Placeholder<TFloat32> averageDecay;

  private final Forward current;
  private final Forward averaged;
  private final Operand<TString> scalars;
  private final Operand<TFloat32> foldedWeights;
  private final Operand<TFloat32> foldedBiases;
  private final List<Op> initializers = new ArrayList<>();
  private final List<Op> updates = new ArrayList<>();

  /** A layer's way from vectors to figures. */
  private record Forward(
      Operand<TFloat32> loss,
      Operand<TFloat32> accuracy,
      Operand<TString> statistics,
      Operand<TString> histograms) {}

  TrainingGraph(
      int inputs, int classes, Standardization standardization, float penalty, long seed) {
    this.inputs = inputs;
    this.classes = classes;
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
      learningRate = scalar(train, "learning_rate");
      beta1Power = scalar(train, "beta1_power");
      beta2Power = scalar(train, "beta2_power");
      averageDecay = scalar(train, "average_decay");

      Ops layer = tf.withSubScope("final_layer");
      VarHandleOp weights = variable(layer, "weights", firstWeights(layer, seed));
      VarHandleOp biases = variable(layer, "biases", zeros(layer, Shape.of(classes)));
      Operand<TFloat32> weightValues = read(layer, weights);
      Operand<TFloat32> biasValues = read(layer, biases);
      current =
          forward(layer, linear(layer, x, weightValues, biasValues), weightValues, biasValues);

      Ops average = tf.withSubScope("average");
      VarHandleOp averageWeights =
          variable(average, "weights_average", firstWeights(average, seed));
      VarHandleOp averageBiases =
          variable(average, "biases_average", zeros(average, Shape.of(classes)));
      Operand<TFloat32> averageWeightValues = read(average, averageWeights);
      Operand<TFloat32> averageBiasValues = read(average, averageBiases);

      Ops fold = tf.withSubScope("fold");
      foldedWeights = fold.math.mul(averageWeightValues, fold.expandDims(scale, fold.constant(1)));
      Operand<TFloat32> row = fold.expandDims(mean, fold.constant(0));
      foldedBiases =
          fold.math.sub(
              averageBiasValues,
              fold.squeeze(fold.linalg.matMul(row, foldedWeights), Squeeze.axis(List.of(0L))));
      // Evaluated as it will be kept, which spares standardising every vector each time.
      averaged =
          forward(
              average,
              linear(average, vectors, foldedWeights, foldedBiases),
              averageWeightValues,
              averageBiasValues);

      Ops summaries = tf.withSubScope("summaries");
      scalars =
          summaries
              .withName("scalars")
              .summary
              .mergeSummary(
                  List.of(
                      scalarSummary(summaries, "accuracy", current.accuracy()),
                      scalarSummary(summaries, "cross_entropy", current.loss()),
                      scalarSummary(summaries, "learning_rate", learningRate),
                      current.statistics()));

      // What looks at the weights looks at what was read of them before the gradients were made of
      // it; the update writes elsewhere where that is still in use. So nothing has to wait for
      // histograms, which are made only where they are fetched.
      Operand<TFloat32> objective =
          train
              .withName("objective")
              .math
              .add(
                  current.loss(),
                  train.math.mul(train.nn.l2Loss(weightValues), train.constant(penalty)));
      Output<?>[] gradients =
          graph.addGradients(
              objective.asOutput(),
              new Output<?>[] {weightValues.asOutput(), biasValues.asOutput()});
      Op weightUpdate = adam(train, weights, gradients[0]);
      Op biasUpdate = adam(train, biases, gradients[1]);
      Ops last = average.withControlDependencies(List.of(weightUpdate, biasUpdate));
      follow(last, weights, averageWeights);
      follow(last, biases, averageBiases);

      opened = new Session(graph, ONE_THREAD);
      session = opened;
      Session.Runner initialize = session.runner();
      initializers.forEach(initialize::addTarget);
      initialize.run().close();
    } catch (RuntimeException e) {
      if (opened != null) {
        opened.close();
      }
      graph.close();
      throw e;
    }
  }

  private static Placeholder<TFloat32> scalar(Ops tf, String name) {
    return tf.withName(name).placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
  }

  private static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> x) {
    return tf.math.mean(x, tf.constant(new int[] {0}));
  }

  private static Operand<TFloat32> zeros(Ops tf, Shape shape) {
    return tf.fill(tf.constant(shape.asArray()), tf.constant(0f));
  }

  // The same seed in both places: the average starts where the weights do.
  private Operand<TFloat32> firstWeights(Ops tf, long seed) {
    return tf.math.mul(
        tf.random.truncatedNormal(
            tf.constant(new int[] {inputs, classes}),
            TFloat32.class,
            TruncatedNormal.seed(seed),
            TruncatedNormal.seed2(1L)),
        tf.constant(INITIAL_STDDEV));
  }

  private VarHandleOp variable(Ops tf, String name, Operand<TFloat32> initial) {
    VarHandleOp variable =
        tf.withName(name)
            .varHandleOp(TFloat32.class, initial.shape(), VarHandleOp.sharedName(name));
    initializers.add(tf.withName(name + "_initial").assignVariableOp(variable, initial));
    return variable;
  }

  private static Operand<TFloat32> read(Ops tf, VarHandleOp variable) {
    return tf.withName("value").readVariableOp(variable, TFloat32.class);
  }

  private static Operand<TFloat32> linear(
      Ops tf, Operand<TFloat32> x, Operand<TFloat32> weights, Operand<TFloat32> biases) {
    return tf.withName("pre_activations").math.add(tf.linalg.matMul(x, weights), biases);
  }

  private Forward forward(
      Ops tf, Operand<TFloat32> logits, Operand<TFloat32> weights, Operand<TFloat32> biases) {
    Operand<TFloat32> probabilities = tf.withName("activations").nn.softmax(logits);
    // The sparse op has no gradient in TensorFlow's C API.
    Operand<TFloat32> oneHot =
        tf.oneHot(labels, tf.constant(classes), tf.constant(1f), tf.constant(0f));
    Operand<TFloat32> loss =
        mean(
            tf.withName("cross_entropy"),
            tf.nn.softmaxCrossEntropyWithLogits(logits, oneHot).loss());
    Operand<TInt32> predicted = tf.math.argMax(logits, tf.constant(1), TInt32.class);
    Operand<TFloat32> accuracy =
        mean(
            tf.withName("accuracy"),
            tf.dtypes.cast(tf.math.equal(predicted, labels), TFloat32.class));
    List<Operand<TString>> statistics = new ArrayList<>();
    addStatistics(tf, "weights", weights, statistics);
    addStatistics(tf, "biases", biases, statistics);
    Operand<TString> histograms =
        tf.withName("histograms")
            .summary
            .mergeSummary(
                List.of(
                    tf.summary.histogramSummary(tf.constant("weights/histogram"), weights),
                    tf.summary.histogramSummary(tf.constant("biases/histogram"), biases),
                    tf.summary.histogramSummary(tf.constant("pre_activations"), sample(tf, logits)),
                    tf.summary.histogramSummary(
                        tf.constant("activations"), sample(tf, probabilities))));
    return new Forward(
        loss, accuracy, tf.withName("statistics").summary.mergeSummary(statistics), histograms);
  }

  private static Operand<TFloat32> sample(Ops tf, Operand<TFloat32> rows) {
    return tf.stridedSlice(rows, Indices.sliceTo(HISTOGRAM_ROWS), Indices.all());
  }

  private Op adam(Ops tf, VarHandleOp variable, Output<?> gradient) {
    String name = variable.op().name().substring(variable.op().name().lastIndexOf('/') + 1);
    Operand<TFloat32> slope = gradient.expect(TFloat32.class);
    VarHandleOp m = variable(tf, name + "_adam_m", zeros(tf, slope.shape()));
    VarHandleOp v = variable(tf, name + "_adam_v", zeros(tf, slope.shape()));
    Op update =
        tf.withName(name + "_adam")
            .train
            .resourceApplyAdam(
                variable,
                m,
                v,
                beta1Power,
                beta2Power,
                learningRate,
                tf.constant(BETA1),
                tf.constant(BETA2),
                tf.constant(EPSILON),
                slope);
    updates.add(update);
    return update;
  }

  /** {@code average = decay * average + (1 - decay) * variable}, once the variable is updated. */
  private void follow(Ops tf, VarHandleOp variable, VarHandleOp average) {
    Operand<TFloat32> gap =
        tf.math.sub(
            tf.readVariableOp(average, TFloat32.class),
            tf.readVariableOp(variable, TFloat32.class));
    updates.add(
        tf.assignSubVariableOp(
            average, tf.math.mul(gap, tf.math.sub(tf.constant(1f), averageDecay))));
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
   * @param step updates made before
   * @param rate the learning rate
   * @param decay the average's, 0 to 1
   * @param withHistograms whether histograms of the batch are wanted
   * @return how the batch was told before the update
   */
  Outcome update(Batch batch, int step, float rate, float decay, boolean withHistograms) {
    try (TFloat32 rateTensor = TFloat32.scalarOf(rate);
        TFloat32 power1 = TFloat32.scalarOf((float) Math.pow(BETA1, step + 1.0));
        TFloat32 power2 = TFloat32.scalarOf((float) Math.pow(BETA2, step + 1.0));
        TFloat32 decayTensor = TFloat32.scalarOf(decay)) {
      Session.Runner runner =
          runner(current, scalars, batch, withHistograms)
              .feed(learningRate, rateTensor)
              .feed(beta1Power, power1)
              .feed(beta2Power, power2)
              .feed(averageDecay, decayTensor);
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

  /** The averaged layer as it is now, for vectors as they come. */
  SoftmaxLayer layer() {
    try (Result result = session.runner().fetch(foldedWeights).fetch(foldedBiases).run()) {
      float[] weightValues = new float[Math.multiplyExact(inputs, classes)];
      float[] biasValues = new float[classes];
      ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(weightValues);
      ((TFloat32) result.get(1)).asRawTensor().data().asFloats().read(biasValues);
      return new SoftmaxLayer(inputs, classes, weightValues, biasValues);
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
