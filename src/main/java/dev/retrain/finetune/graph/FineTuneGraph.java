package dev.retrain.finetune.graph;

import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.finetune.input.NetworkInputs;
import dev.retrain.finetune.network.Moments;
import dev.retrain.finetune.network.NetworkParameter;
import dev.retrain.finetune.network.TrainableNetwork;
import dev.retrain.training.Head;
import dev.retrain.util.TensorFlowRuntime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
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
   * @param averageDecay decay of the moving averages of the variables; 0 for none
   * @param clipNorm largest norm of all gradients together; 0 for no limit
   * @param layerDecay factor of the learning rate from each layer to the one before it, above 0, at
   *     most 1
   * @param batches number of batches of an update, whose mean gradient is used, at least 1
   */
  public record Updates(
      FineTuneOptimizer optimizer,
      double weightDecay,
      double averageDecay,
      double clipNorm,
      double layerDecay,
      int batches) {}

  /**
   * The metrics of a batch before its update.
   *
   * @param loss mean cross-entropy against the targets: of the softmax, or the mean over the
   *     classes of that of the sigmoid
   * @param accuracy fraction of the images whose largest logit is at the largest target; if images
   *     may have several classes, the mean average precision
   * @param gradientNorm norm of all gradients together, before clipping
   */
  public record StepMetrics(float loss, float accuracy, float gradientNorm) {}

  private final TrainableNetwork network;
  private final Head shape;
  private final Updates options;
  private final Graph graph = TensorFlowRuntime.newGraph();
  private final VariableState state = new VariableState();
  private final VariableState sums = new VariableState();
  private final Session session;
  private final List<TrainedVariable> variables;
  private final BatchLoss loss;
  private final GradientOps gradients;
  private final UpdateSettings settings;
  private final List<Op> updates;
  private final Operand<TFloat32> weightNorm;

  /**
   * @param network the network
   * @param input its input tensor, {@code name:index}
   * @param vector name of the node that computes its vectors
   * @param inputs the inputs of the batches
   * @param shape a head of the trained head's shape and objective
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
    this.options = options;
    try {
      graph.importGraphDef(inputs.connect(network.training(), input));
      // A scope of their own: the network may have any name.
      Ops tf = Ops.create(graph).withSubScope("fine_tune");
      variables = networkVariables(tf);
      Output<TFloat32> vectors = graph.operation(vector).output(0);
      HeadVariables head = HeadVariables.build(tf, state, shape, vectors);
      variables.addAll(head.variables());
      loss = BatchLoss.build(tf, shape, head.logits());
      gradients =
          GradientOps.build(
              tf, graph, sums, loss.loss(), variables, options.clipNorm(), options.batches());
      settings = UpdateSettings.build(tf);
      updates = updates(tf);
      weightNorm = GradientOps.norm(tf, variables.stream().map(TrainedVariable::value).toList());
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
              parameter.distance()));
    }
    return variables;
  }

  private List<Op> updates(Ops tf) {
    UpdateOps ops =
        new UpdateOps(
            tf,
            state,
            options.optimizer(),
            options.weightDecay(),
            options.averageDecay() > 0,
            settings);
    List<Op> all = new ArrayList<>();
    for (int i = 0; i < variables.size(); i++) {
      double factor = Math.pow(options.layerDecay(), variables.get(i).distance());
      all.addAll(ops.update(variables.get(i), gradients.gradients().get(i), factor));
    }
    all.addAll(gradients.reset(tf, variables, List.copyOf(all)));
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
    if (options.averageDecay() > 0) {
      variables.forEach(
          variable -> values.put(UpdateOps.average(variable.name()), values.get(variable.name())));
    }
    restore(values);
  }

  /** Restores the values of a {@link #snapshot}, by name. */
  public void restore(Map<String, float[]> values) {
    state.assign(session, values);
    sums.assign(session, Map.of());
  }

  /** Number of values of each variable by name, also of the optimizer's. */
  public Map<String, Integer> lengths() {
    return state.lengths();
  }

  /**
   * Adds the gradients of a batch to those of the next update, if an update has several batches.
   *
   * @return the metrics; without the norm of the gradients, which is NaN
   */
  public StepMetrics accumulate(BatchTensors batch) {
    Session.Runner runner = feed(batch).fetch(loss.loss()).fetch(loss.metric());
    gradients.accumulation().forEach(runner::addTarget);
    try (Result result = runner.run()) {
      return new StepMetrics(scalar(result, 0), scalar(result, 1), Float.NaN);
    }
  }

  /**
   * Updates all variables once.
   *
   * @param batch the last batch of the update
   * @param step index of the update, from 0
   * @param rate its learning rate
   * @return the metrics of this batch
   */
  public StepMetrics update(BatchTensors batch, int step, float rate) {
    try (TFloat32 values = UpdateSettings.values(step, rate, options.averageDecay())) {
      Session.Runner runner = feed(batch).feed(settings.placeholder(), values);
      runner.fetch(loss.loss()).fetch(loss.metric()).fetch(gradients.norm());
      updates.forEach(runner::addTarget);
      try (Result result = runner.run()) {
        return new StepMetrics(scalar(result, 0), scalar(result, 1), scalar(result, 2));
      }
    }
  }

  private Session.Runner feed(BatchTensors batch) {
    return batch
        .feed(session.runner())
        .feed(loss.targets(), batch.targets())
        .feed(loss.weights(), batch.weights());
  }

  private static float scalar(Result result, int index) {
    return ((TFloat32) result.get(index)).getFloat();
  }

  /** Norm of all trained variables together. */
  public float weightNorm() {
    try (Result result = session.runner().fetch(weightNorm).run()) {
      return scalar(result, 0);
    }
  }

  /**
   * The moments of a batch, one element per normalized convolution: those by which the network
   * normalizes the batch while it is trained, without Bessel's correction. Changes nothing.
   *
   * @param snapshot has the values of the variables; their moving averages are used if there are
   *     any
   */
  public List<Moments> moments(BatchTensors batch, VariableSnapshot snapshot) {
    Session.Runner runner = batch.feed(session.runner());
    if (options.averageDecay() > 0) {
      // The values of the variables are replaced in this run only.
      for (NetworkParameter parameter : network.parameters()) {
        runner.feed(parameter.name(), 0, snapshot.tensor(UpdateOps.average(parameter.name())));
      }
    }
    return new BatchMoments(graph, network.normalizations())
        .measure(runner, batch.targets().shape().get(0));
  }

  /** The values of all variables, also the optimizer's; to be closed. */
  public VariableSnapshot snapshot() {
    return state.snapshot(session);
  }

  /**
   * The values of the network's parameters and the head's layers by name: the moving averages if
   * there are any.
   */
  public Map<String, float[]> evaluated(VariableSnapshot snapshot) {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (TrainedVariable variable : variables) {
      String name = variable.name();
      values.put(
          name, snapshot.values(options.averageDecay() > 0 ? UpdateOps.average(name) : name));
    }
    return values;
  }

  /** The head with values by name. */
  public Head head(Map<String, float[]> values) {
    return HeadVariables.head(shape, values);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
