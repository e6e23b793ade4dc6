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
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.nn.SoftmaxCrossEntropyWithLogits;
import org.tensorflow.op.random.TruncatedNormal;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.Summary;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;

/**
 * The TensorFlow graph that trains a softmax layer with Adam (D. Kingma and J. Ba, 2015; beta1 0.9,
 * beta2 0.999, epsilon 1e-8), and its session.
 *
 * <p>It computes on one thread: the sums it makes then have one order, and equal input gives equal
 * weights, bit for bit.
 *
 * <p>Owns both native objects; {@link #close()} frees them.
 */
final class TrainingGraph implements AutoCloseable {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

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

  private final Operand<TFloat32> weights;
  private final Operand<TFloat32> biases;
  private final Operand<TFloat32> accuracy;
  private final Operand<TFloat32> loss;
  private final Operand<TString> scalars;
  private final Operand<TString> histograms;
  private final List<Op> initializers = new ArrayList<>();
  private final List<Op> updates = new ArrayList<>();

  TrainingGraph(int inputs, int classes, long seed) {
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
      Ops train = tf.withSubScope("train");
      learningRate = scalar(train, "learning_rate");
      beta1Power = scalar(train, "beta1_power");
      beta2Power = scalar(train, "beta2_power");

      Ops layer = tf.withSubScope("final_layer");
      Shape weightShape = Shape.of(inputs, classes);
      VarHandleOp weightVariable =
          variable(
              layer,
              "weights",
              weightShape,
              layer.math.mul(
                  layer.random.truncatedNormal(
                      layer.constant(new int[] {inputs, classes}),
                      TFloat32.class,
                      TruncatedNormal.seed(seed),
                      TruncatedNormal.seed2(1L)),
                  layer.constant(INITIAL_STDDEV)));
      VarHandleOp biasVariable =
          variable(layer, "biases", Shape.of(classes), zeros(layer, Shape.of(classes)));
      weights = layer.withName("weights_value").readVariableOp(weightVariable, TFloat32.class);
      biases = layer.withName("biases_value").readVariableOp(biasVariable, TFloat32.class);
      Operand<TFloat32> logits =
          layer.withName("pre_activations").math.add(layer.linalg.matMul(vectors, weights), biases);
      Operand<TFloat32> probabilities = layer.withName("activations").nn.softmax(logits);

      Ops evaluation = tf.withSubScope("evaluation");
      // The sparse op has no gradient in TensorFlow's C API.
      Operand<TFloat32> oneHot =
          evaluation.oneHot(
              labels,
              evaluation.constant(classes),
              evaluation.constant(1f),
              evaluation.constant(0f));
      SoftmaxCrossEntropyWithLogits<TFloat32> crossEntropy =
          evaluation.nn.softmaxCrossEntropyWithLogits(logits, oneHot);
      loss = mean(evaluation.withName("cross_entropy"), crossEntropy.loss());
      Operand<TInt32> predicted =
          evaluation.math.argMax(logits, evaluation.constant(1), TInt32.class);
      accuracy =
          mean(
              evaluation.withName("accuracy"),
              evaluation.dtypes.cast(evaluation.math.equal(predicted, labels), TFloat32.class));

      Ops summaries = tf.withSubScope("summaries");
      scalars = scalarSummaries(summaries);
      histograms = histogramSummaries(summaries, logits, probabilities);

      // The update comes after all that looks at the weights as they were.
      Ops after = train.withControlDependencies(List.<Op>of(scalars, accuracy, logits));
      Output<?>[] gradients =
          graph.addGradients(
              loss.asOutput(), new Output<?>[] {weights.asOutput(), biases.asOutput()});
      adam(train, after, weightVariable, weightShape, gradients[0]);
      adam(train, after, biasVariable, Shape.of(classes), gradients[1]);

      opened =
          new Session(
              graph,
              ConfigProto.newBuilder()
                  .setIntraOpParallelismThreads(1)
                  .setInterOpParallelismThreads(1)
                  .build());
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

  private VarHandleOp variable(Ops tf, String name, Shape shape, Operand<TFloat32> initial) {
    VarHandleOp variable =
        tf.withName(name).varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
    initializers.add(tf.withName(name + "_initial").assignVariableOp(variable, initial));
    return variable;
  }

  private void adam(Ops tf, Ops after, VarHandleOp variable, Shape shape, Output<?> gradient) {
    String name = variable.op().name().substring(variable.op().name().lastIndexOf('/') + 1);
    VarHandleOp m = variable(tf, name + "_adam_m", shape, zeros(tf, shape));
    VarHandleOp v = variable(tf, name + "_adam_v", shape, zeros(tf, shape));
    updates.add(
        after
            .withName(name + "_adam")
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
                gradient.expect(TFloat32.class)));
  }

  private Operand<TString> scalarSummaries(Ops tf) {
    List<Operand<TString>> parts = new ArrayList<>();
    parts.add(scalarSummary(tf, "accuracy", accuracy));
    parts.add(scalarSummary(tf, "cross_entropy", loss));
    parts.add(scalarSummary(tf, "learning_rate", learningRate));
    addStatistics(tf, "weights", weights, parts);
    addStatistics(tf, "biases", biases, parts);
    return tf.withName("scalars").summary.mergeSummary(parts);
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

  private Operand<TString> histogramSummaries(
      Ops tf, Operand<TFloat32> logits, Operand<TFloat32> probabilities) {
    return tf.withName("histograms")
        .summary
        .mergeSummary(
            List.of(
                tf.summary.histogramSummary(tf.constant("weights/histogram"), weights),
                tf.summary.histogramSummary(tf.constant("biases/histogram"), biases),
                tf.summary.histogramSummary(tf.constant("pre_activations"), logits),
                tf.summary.histogramSummary(tf.constant("activations"), probabilities)));
  }

  /** The graph's definition, for TensorBoard. */
  GraphDef definition() {
    return graph.toGraphDef();
  }

  /**
   * How a batch was told, before its update or without one.
   *
   * @param accuracy 0 to 1
   * @param loss mean cross-entropy, nats
   */
  record Outcome(float accuracy, float loss, Summary scalars, Summary histograms) {}

  /**
   * Makes one update.
   *
   * @param step updates made before
   * @param rate the learning rate
   * @param withHistograms whether histograms of the batch are wanted
   */
  Outcome update(Batch batch, int step, float rate, boolean withHistograms) {
    try (TFloat32 rateTensor = TFloat32.scalarOf(rate);
        TFloat32 power1 = TFloat32.scalarOf((float) Math.pow(BETA1, step + 1.0));
        TFloat32 power2 = TFloat32.scalarOf((float) Math.pow(BETA2, step + 1.0))) {
      Session.Runner runner =
          runner(batch, withHistograms)
              .feed(learningRate, rateTensor)
              .feed(beta1Power, power1)
              .feed(beta2Power, power2)
              .fetch(scalars);
      updates.forEach(runner::addTarget);
      try (Result result = runner.run()) {
        return outcome(result, withHistograms, summary(result, withHistograms ? 3 : 2));
      }
    }
  }

  /** Evaluates a batch without an update; {@code scalars} stays empty. */
  Outcome evaluate(Batch batch, boolean withHistograms) {
    try (Result result = runner(batch, withHistograms).run()) {
      return outcome(result, withHistograms, Summary.getDefaultInstance());
    }
  }

  private Session.Runner runner(Batch batch, boolean withHistograms) {
    Session.Runner runner =
        session
            .runner()
            .feed(vectors, batch.vectors())
            .feed(labels, batch.labels())
            .fetch(accuracy)
            .fetch(loss);
    return withHistograms ? runner.fetch(histograms) : runner;
  }

  private static Outcome outcome(Result result, boolean withHistograms, Summary scalars) {
    return new Outcome(
        ((TFloat32) result.get(0)).getFloat(),
        ((TFloat32) result.get(1)).getFloat(),
        scalars,
        withHistograms ? summary(result, 2) : Summary.getDefaultInstance());
  }

  private static Summary summary(Result result, int index) {
    try {
      return Summary.parseFrom(((TString) result.get(index)).asBytes().getObject());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("TensorFlow made a summary that it can't read", e);
    }
  }

  /** The layer as it is now. */
  SoftmaxLayer layer() {
    try (Result result = session.runner().fetch(weights).fetch(biases).run()) {
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
