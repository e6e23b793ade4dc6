package dev.retrain.training.head;

import dev.retrain.training.Regularization;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.graph.DenseOps;
import dev.retrain.training.graph.DenseVariables;
import dev.retrain.training.graph.DropoutOps;
import dev.retrain.training.graph.HeadShape;
import dev.retrain.training.graph.InputOps;
import dev.retrain.training.graph.MetricOps;
import dev.retrain.training.graph.OptimizerOps;
import dev.retrain.training.graph.StepInputs;
import dev.retrain.training.graph.Variables;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The layers that the optimizer updates.
 *
 * @param layers their variables
 * @param metrics forward pass of standardized vectors, with dropout
 * @param histogramInputs all inputs of the histograms in {@code metrics}
 */
record TrainedLayers(
    List<DenseVariables> layers, MetricOps metrics, List<Operand<TFloat32>> histogramInputs) {
  /** Adds the variables and the forward pass. */
  static TrainedLayers build(
      Ops tf,
      Variables variables,
      HeadShape shape,
      InputOps input,
      StepInputs step,
      TrainingOptions options) {
    List<DenseVariables> layers = DenseVariables.build(tf, variables, shape, options.seed(), "");
    DropoutOps dropout =
        new DropoutOps(options.regularization().dropout(), options.seed(), step.step());
    List<DenseOps> values = layers.stream().map(DenseVariables::values).toList();
    MetricOps metrics =
        MetricOps.build(input.loss(), input.standardized(), values, values, dropout);
    List<Operand<TFloat32>> histogramInputs =
        Stream.of(DenseOps.parameters(values), metrics.outputs()).flatMap(List::stream).toList();
    return new TrainedLayers(layers, metrics, histogramInputs);
  }

  /**
   * Adds the objective to minimize, {@code loss + penalty / 2 * sum(weights^2)}.
   *
   * @param tf scope
   * @param penalty factor of half the sum of the squared weights
   * @param regularization label smoothing
   * @param input the weights of the batch's images
   */
  Operand<TFloat32> objective(
      Ops tf, float penalty, Regularization regularization, InputOps input) {
    return tf.withName("objective")
        .math
        .add(
            metrics.trainingLoss(tf, regularization.labelSmoothing(), input.weights()),
            tf.math.mul(squares(tf), tf.constant(penalty)));
  }

  private Operand<TFloat32> squares(Ops tf) {
    Operand<TFloat32> sum = tf.nn.l2Loss(layers.get(0).weightValues());
    for (DenseVariables layer : layers.subList(1, layers.size())) {
      sum = tf.math.add(sum, tf.nn.l2Loss(layer.weightValues()));
    }
    return sum;
  }

  /**
   * Adds the gradients of an objective and the updates of all layers.
   *
   * @return the operations to run
   */
  List<Op> updates(Graph graph, Operand<TFloat32> objective, OptimizerOps optimizer) {
    Output<?>[] gradients =
        graph.addGradients(
            objective.asOutput(),
            layers.stream()
                .flatMap(layer -> Stream.of(layer.weightValues(), layer.biasValues()))
                .map(Operand::asOutput)
                .toArray(Output<?>[]::new));
    List<Op> updates = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      updates.addAll(
          optimizer.update(
              layers.get(i),
              gradients[2 * i].expect(TFloat32.class),
              gradients[2 * i + 1].expect(TFloat32.class)));
    }
    return updates;
  }
}
