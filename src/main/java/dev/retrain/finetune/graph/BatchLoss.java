package dev.retrain.finetune.graph;

import dev.retrain.training.Head;
import dev.retrain.training.Objective;
import dev.retrain.training.loss.LossOps;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * The loss of a batch.
 *
 * @param targets [n, classes]: the probabilities to learn
 * @param weights [n]: how much the images count in the loss; their mean over all images is 1
 * @param loss scalar: the mean over the images, in nats. With {@link Objective#SINGLE_LABEL}, it is
 *     the softmax cross-entropy; with {@link Objective#MULTI_LABEL}, the mean over the classes of
 *     the sigmoid cross-entropy
 * @param metric scalar, 0 to 1. With one class per image, the accuracy: the fraction of the images
 *     whose largest logit is at the largest target. With several, the mean average precision of the
 *     batch, where an image has the classes whose target is above 1/2
 */
record BatchLoss(
    Placeholder<TFloat32> targets,
    Placeholder<TFloat32> weights,
    Operand<TFloat32> loss,
    Operand<TFloat32> metric) {
  /**
   * Adds the loss to a graph.
   *
   * @param head determines the number of classes and the objective
   * @param logits [n, classes]
   */
  static BatchLoss build(Ops tf, Head head, Operand<TFloat32> logits) {
    Placeholder<TFloat32> targets =
        tf.withName("batch_targets")
            .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, head.classes())));
    Placeholder<TFloat32> weights =
        tf.withName("batch_weights").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1)));
    boolean single = head.objective() == Objective.SINGLE_LABEL;
    Operand<TFloat32> losses =
        single
            ? tf.nn.softmaxCrossEntropyWithLogits(logits, targets).loss()
            : new LossOps.Sigmoid(targets).losses(tf, logits, 0);
    return new BatchLoss(
        targets,
        weights,
        tf.math.mean(tf.math.mul(losses, weights), tf.constant(new int[] {0})),
        single ? accuracy(tf, logits, targets) : meanAveragePrecision(tf, logits, targets));
  }

  private static Operand<TFloat32> accuracy(
      Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets) {
    var axis = tf.constant(1);
    var correct = tf.math.equal(tf.math.argMax(logits, axis), tf.math.argMax(targets, axis));
    return tf.math.mean(tf.dtypes.cast(correct, TFloat32.class), tf.constant(new int[] {0}));
  }

  private static Operand<TFloat32> meanAveragePrecision(
      Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets) {
    // Smoothed and mixed.
    var labels = tf.dtypes.cast(tf.math.greater(targets, tf.constant(0.5f)), TFloat32.class);
    return LossOps.Sigmoid.meanAveragePrecision(tf, labels, logits);
  }
}
