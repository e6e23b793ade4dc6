package dev.retrain.finetune.graph;

import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.finetune.input.NetworkInputs;
import dev.retrain.finetune.network.Moments;
import dev.retrain.finetune.network.MomentsProbe;
import dev.retrain.finetune.network.NetworkParameter;
import dev.retrain.finetune.network.NormalizedConvolution;
import dev.retrain.finetune.network.TrainableNetwork;
import dev.retrain.training.Head;
import dev.retrain.util.TensorFlowRuntime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * Trains a network and its head.
 *
 * <p>On the same machine with the same number of threads, equal batches give bit-identical values.
 *
 * <p>Owns graph and session; {@link #close()} frees them.
 */
public final class FineTuneGraph implements AutoCloseable {
  /**
   * How the variables are updated.
   *
   * @param optimizer the optimizer
   * @param weightDecay decoupled weight decay, at least 0
   * @param clipNorm largest norm of all gradients together; 0 for no limit
   * @param layerDecay factor of the learning rate from each layer to the one before it, above 0, at
   *     most 1
   */
  public record Updates(
      FineTuneOptimizer optimizer, double weightDecay, double clipNorm, double layerDecay) {}

  /**
   * The metrics of a batch before its update.
   *
   * @param loss mean of the weighted softmax cross-entropies against the targets
   * @param accuracy fraction of the images whose largest logit is at the largest target
   * @param gradientNorm norm of all gradients together, before clipping
   */
  public record StepMetrics(float loss, float accuracy, float gradientNorm) {}

  private final TrainableNetwork network;
  private final Head shape;
  private final Graph graph = TensorFlowRuntime.newGraph();
  private final VariableState state = new VariableState();
  private final Session session;
  private final Placeholder<TFloat32> targets;
  private final Placeholder<TFloat32> weights;
  private final Placeholder<TFloat32> settings;
  private final List<Operand<TFloat32>> metrics;
  private final List<Op> updates;

  /**
   * @param network the network
   * @param input its input tensor, {@code name:index}
   * @param vector name of the node that computes its vectors
   * @param inputs the inputs for batches
   * @param shape a head of the trained head's shape
   * @param options how variables are updated
   * @param threads the session's configuration
   */
  public FineTuneGraph(
      TrainableNetwork network,
      String input,
      String vector,
      NetworkInputs inputs,
      Head shape,
      Updates options,
      ConfigProto threads) {
    this.network = network;
    this.shape = shape;
    try {
      graph.importGraphDef(inputs.connect(network.training(), input));
      Ops tf = Ops.create(graph);
      List<TrainedVariable> variables = networkVariables(tf);
      int layers = 1 + variables.stream().mapToInt(TrainedVariable::layer).max().orElse(-1);
      Output<TFloat32> vectors = graph.operation(vector).output(0);
      HeadVariables head = HeadVariables.build(tf, state, shape, vectors, layers);
      variables.addAll(head.variables());
      targets =
          tf.withName("batch_targets")
              .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, shape.classes())));
      weights =
          tf.withName("batch_weights").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1)));
      settings =
          tf.withName("settings").placeholder(TFloat32.class, Placeholder.shape(Shape.of(3)));
      Operand<TFloat32> loss =
          tf.math.mean(
              tf.math.mul(
                  tf.nn.softmaxCrossEntropyWithLogits(head.logits(), targets).loss(), weights),
              tf.constant(new int[] {0}));
      List<Operand<TFloat32>> gradients = gradients(loss, variables);
      Operand<TFloat32> norm = norm(tf, gradients);
      metrics = List.of(loss, accuracy(tf, head.logits()), norm);
      updates = updates(tf, variables, clip(tf, gradients, norm, options), layers, options);
      session = new Session(graph, threads);
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
  }

  private List<TrainedVariable> networkVariables(Ops tf) {
    List<TrainedVariable> variables = new ArrayList<>();
    for (NetworkParameter parameter : network.parameters()) {
      Output<TType> handle = graph.operation(parameter.variable()).output(0);
      Output<TFloat32> value = graph.operation(parameter.name()).output(0);
      state.add(tf, parameter.name(), handle, value, value.shape());
      variables.add(
          new TrainedVariable(
              parameter.name(),
              handle,
              value,
              value.shape(),
              parameter.decayed(),
              parameter.layer()));
    }
    return variables;
  }

  private List<Operand<TFloat32>> gradients(
      Operand<TFloat32> loss, List<TrainedVariable> variables) {
    Output<?>[] gradients =
        graph.addGradients(
            loss.asOutput(),
            variables.stream().map(TrainedVariable::value).toArray(Output<?>[]::new));
    List<Operand<TFloat32>> result = new ArrayList<>();
    for (Output<?> gradient : gradients) {
      result.add(gradient.expect(TFloat32.class));
    }
    return result;
  }

  private static Operand<TFloat32> norm(Ops tf, List<Operand<TFloat32>> gradients) {
    List<Operand<TFloat32>> halves = new ArrayList<>();
    gradients.forEach(gradient -> halves.add(tf.nn.l2Loss(gradient)));
    return tf.math.sqrt(tf.math.mul(tf.math.addN(halves), tf.constant(2f)));
  }

  private Operand<TFloat32> accuracy(Ops tf, Operand<TFloat32> logits) {
    var axis = tf.constant(1);
    return tf.math.mean(
        tf.dtypes.cast(
            tf.math.equal(tf.math.argMax(logits, axis), tf.math.argMax(targets, axis)),
            TFloat32.class),
        tf.constant(new int[] {0}));
  }

  private static List<Operand<TFloat32>> clip(
      Ops tf, List<Operand<TFloat32>> gradients, Operand<TFloat32> norm, Updates options) {
    if (options.clipNorm() == 0) {
      return gradients;
    }
    Operand<TFloat32> largest = tf.constant((float) options.clipNorm());
    Operand<TFloat32> factor = tf.math.div(largest, tf.math.maximum(norm, largest));
    List<Operand<TFloat32>> clipped = new ArrayList<>();
    gradients.forEach(gradient -> clipped.add(tf.math.mul(gradient, factor)));
    return clipped;
  }

  private List<Op> updates(
      Ops tf,
      List<TrainedVariable> variables,
      List<Operand<TFloat32>> gradients,
      int layers,
      Updates options) {
    List<Output<TFloat32>> values = tf.unstack(settings, 3L).output();
    UpdateOps ops =
        new UpdateOps(
            tf,
            state,
            options.optimizer(),
            options.weightDecay(),
            values.get(0),
            values.get(1),
            values.get(2));
    List<Op> all = new ArrayList<>();
    for (int i = 0; i < variables.size(); i++) {
      double factor = Math.pow(options.layerDecay(), layers - variables.get(i).layer());
      all.addAll(ops.update(variables.get(i), gradients.get(i), factor));
    }
    return all;
  }

  /**
   * Sets the values of the network and the head, and resets the optimizer.
   *
   * @param initial values of the network's parameters by name
   */
  public void start(Map<String, float[]> initial, Head head) {
    Map<String, float[]> values = new HashMap<>(initial);
    HeadVariables.put(head, values);
    state.assign(session, values);
  }

  /**
   * Updates all variables once.
   *
   * @param step index of the update, from 0
   * @param rate its learning rate
   */
  public StepMetrics update(BatchTensors batch, int step, float rate) {
    float beta1Power = (float) Math.pow(UpdateOps.BETA1, step + 1);
    float beta2Power = (float) Math.pow(UpdateOps.BETA2, step + 1);
    try (TFloat32 values = TFloat32.vectorOf(rate, beta1Power, beta2Power)) {
      Session.Runner runner =
          batch
              .feed(session.runner())
              .feed(targets, batch.targets())
              .feed(weights, batch.weights())
              .feed(settings, values);
      metrics.forEach(runner::fetch);
      updates.forEach(runner::addTarget);
      try (Result result = runner.run()) {
        return new StepMetrics(scalar(result, 0), scalar(result, 1), scalar(result, 2));
      }
    }
  }

  private static float scalar(Result result, int index) {
    return ((TFloat32) result.get(index)).getFloat();
  }

  /** The moments of a batch, one element per normalized convolution; changes nothing. */
  public List<Moments> moments(BatchTensors batch) {
    Session.Runner runner = batch.feed(session.runner());
    for (NormalizedConvolution convolution : network.convolutions()) {
      runner.fetch(convolution.normalization(), 1).fetch(convolution.normalization(), 2);
    }
    try (Result result = runner.run()) {
      return MomentsProbe.read(result);
    }
  }

  /** The values of all variables, also the optimizer's, by name. */
  public Map<String, float[]> values() {
    return state.read(session);
  }

  /** Restores the values of {@link #values}. */
  public void restore(Map<String, float[]> values) {
    state.assign(session, values);
  }

  /** The head with {@link #values}. */
  public Head head(Map<String, float[]> values) {
    return HeadVariables.head(shape, values);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
