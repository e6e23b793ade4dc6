package dev.retrain.training.head;

import dev.retrain.training.Objective;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.batch.TargetFormat;
import dev.retrain.training.graph.HeadShape;
import dev.retrain.training.graph.InputOps;
import dev.retrain.training.graph.MetricOps;
import dev.retrain.training.graph.OptimizerOps;
import dev.retrain.training.graph.StepInputs;
import dev.retrain.training.graph.Variables;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;

/**
 * The operations of a training graph.
 *
 * @param variables all variables, to be initialized
 * @param input the batch
 * @param step learning rate, average decay and similar values of an update
 * @param trained the layers that the optimizer updates
 * @param averaged their moving average
 * @param scalars summary of an update: metric and loss of the objective, learning_rate, and
 *     statistics of the weights
 * @param updates the operations of an update
 */
record TrainingOps(
    Variables variables,
    InputOps input,
    StepInputs step,
    TrainedLayers trained,
    AveragedLayers averaged,
    Operand<TString> scalars,
    List<Op> updates) {
  /**
   * Adds a training to a graph. The order of the operations determines their names, which
   * TensorBoard shows.
   *
   * @param graph an empty graph
   * @param shape the layers
   * @param format how labels and weights are fed
   * @param standardization standardization of the vectors
   * @param penalty factor of half the sum of the squared weights in the objective
   * @param options optimizer, regularization and seed
   */
  static TrainingOps build(
      Graph graph,
      HeadShape shape,
      TargetFormat format,
      Standardization standardization,
      float penalty,
      TrainingOptions options) {
    Ops tf = Ops.create(graph);
    Variables variables = new Variables();
    InputOps input =
        InputOps.build(
            tf.withSubScope("input"), format, standardization.mean(), standardization.scale());
    Ops train = tf.withSubScope("train");
    StepInputs step = StepInputs.build(train);
    TrainedLayers trained = TrainedLayers.build(tf, variables, shape, input, step, options);
    AveragedLayers averaged = AveragedLayers.build(tf, variables, shape, input, options.seed());
    Operand<TString> scalars =
        scalars(tf.withSubScope("summaries"), trained.metrics(), step.learningRate());
    // The metrics and histograms of an update use the values that were read before the gradients
    // were computed; the update writes to a copy while these are in use. So it need not wait for
    // histograms, which are computed only when fetched.
    Operand<TFloat32> objective =
        trained.objective(train, penalty, options.regularization(), input);
    OptimizerOps optimizer =
        new OptimizerOps(
            train, variables, options.optimizer(), options.regularization().weightDecay(), step);
    List<Op> updates = trained.updates(graph, objective, optimizer);
    List<Op> averages = averaged.updates(trained.layers(), step.averageDecay(), updates);
    return new TrainingOps(
        variables,
        input,
        step,
        trained,
        averaged,
        scalars,
        Stream.of(updates, averages).flatMap(List::stream).toList());
  }

  private static Operand<TString> scalars(
      Ops tf, MetricOps metrics, Operand<TFloat32> learningRate) {
    Objective objective = metrics.target().objective();
    return tf.withName("scalars")
        .summary
        .mergeSummary(
            List.of(
                MetricOps.scalarSummary(tf, objective.metricName(), metrics.metric()),
                MetricOps.scalarSummary(tf, objective.lossName(), metrics.loss()),
                MetricOps.scalarSummary(tf, "learning_rate", learningRate),
                metrics.statistics()));
  }
}
