package dev.retrain.training.loss;

import dev.retrain.training.Objective;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/** The labels of a batch in a training graph, and what is computed from them and the logits. */
public sealed interface LossOps {
  /** What the head predicts. */
  Objective objective();

  /** The placeholder of the labels: [n] int32 for softmax, [n, classes] float32 for sigmoid. */
  Placeholder<? extends TType> labels();

  /**
   * Adds the loss of each image.
   *
   * @param tf scope
   * @param logits [n, classes]
   * @param smoothing label smoothing, 0 for none
   * @return [n], in nats
   */
  Operand<TFloat32> losses(Ops tf, Operand<TFloat32> logits, double smoothing);

  /**
   * Adds the metric of the objective for a batch.
   *
   * @param tf scope
   * @param logits [n, classes]
   * @return a scalar from 0 to 1
   */
  Operand<TFloat32> metric(Ops tf, Operand<TFloat32> logits);

  /**
   * Adds the probabilities of the classes.
   *
   * @param tf scope, with the name of the added operation
   * @param objective what the head predicts
   * @param logits [n, classes]
   * @return [n, classes]
   */
  static Operand<TFloat32> probabilities(Ops tf, Objective objective, Operand<TFloat32> logits) {
    return objective == Objective.SINGLE_LABEL ? tf.nn.softmax(logits) : tf.math.sigmoid(logits);
  }

  /**
   * Adds the placeholder of the labels.
   *
   * @param tf scope
   * @param objective what the head predicts
   * @param classes number of classes
   */
  static LossOps build(Ops tf, Objective objective, int classes) {
    Ops named = tf.withName("label");
    return objective == Objective.SINGLE_LABEL
        ? new Softmax(named.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1))))
        : new Sigmoid(named.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, classes))));
  }

  /**
   * Categorical cross-entropy and accuracy of images with exactly one class.
   *
   * @param labels [n]: index of the class of each image
   */
  record Softmax(Placeholder<TInt32> labels) implements LossOps {
    @Override
    public Objective objective() {
      return Objective.SINGLE_LABEL;
    }

    @Override
    public Operand<TFloat32> losses(Ops tf, Operand<TFloat32> logits, double smoothing) {
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

    @Override
    public Operand<TFloat32> metric(Ops tf, Operand<TFloat32> logits) {
      Operand<TInt32> predicted = tf.math.argMax(logits, tf.constant(1), TInt32.class);
      Operand<TFloat32> correct = tf.dtypes.cast(tf.math.equal(predicted, labels), TFloat32.class);
      Ops named = tf.withName(objective().metricName());
      return named.math.mean(correct, named.constant(new int[] {0}));
    }
  }

  /**
   * Binary cross-entropy and mean average precision of images with any number of classes.
   *
   * @param labels [n, classes]: 1 for each class of an image, otherwise 0
   */
  record Sigmoid(Placeholder<TFloat32> labels) implements LossOps {
    @Override
    public Objective objective() {
      return Objective.MULTI_LABEL;
    }

    /**
     * {@inheritDoc}
     *
     * <p>The loss of an image is the mean over its classes. Label smoothing moves each label
     * towards 1/2, as Keras's {@code BinaryCrossentropy} does: {@code y * (1 - smoothing) +
     * smoothing / 2}.
     */
    @Override
    public Operand<TFloat32> losses(Ops tf, Operand<TFloat32> logits, double smoothing) {
      Operand<TFloat32> targets =
          smoothing == 0
              ? labels
              : tf.math.add(
                  tf.math.mul(labels, tf.constant((float) (1 - smoothing))),
                  tf.constant((float) (smoothing / 2)));
      // max(x, 0) - x * y + log(1 + exp(-|x|)), which doesn't overflow.
      Operand<TFloat32> terms =
          tf.math.add(
              tf.math.sub(tf.nn.relu(logits), tf.math.mul(logits, targets)),
              tf.math.log1p(tf.math.exp(tf.math.neg(tf.math.abs(logits)))));
      return tf.math.mean(terms, tf.constant(new int[] {1}));
    }

    /**
     * {@inheritDoc}
     *
     * <p>The mean of the average precision over the classes that an image of the batch has; 0 if
     * there are none. Images with equal logits count in their order in the batch.
     */
    @Override
    public Operand<TFloat32> metric(Ops tf, Operand<TFloat32> logits) {
      return meanAveragePrecision(tf, labels, logits);
    }

    /**
     * Adds the metric.
     *
     * @param labels [n, classes]: 1 for each class of an image, otherwise 0
     * @param logits [n, classes]
     * @return a scalar from 0 to 1
     */
    public static Operand<TFloat32> meanAveragePrecision(
        Ops tf, Operand<TFloat32> labels, Operand<TFloat32> logits) {
      Operand<TInt32> images = tf.squeeze(tf.shape.size(logits, tf.constant(0), TInt32.class));
      Operand<TInt32> axes = tf.constant(new int[] {1, 0});
      Operand<TInt32> axis = tf.constant(1);
      Operand<TInt32> order =
          tf.nn.topK(tf.linalg.transpose(logits, axes), images, TInt32.class).indices();
      Operand<TFloat32> hits =
          tf.gather(tf.linalg.transpose(labels, axes), order, axis, Gather.batchDims(1L));
      Operand<TFloat32> ranks = tf.math.cumsum(tf.onesLike(hits), axis);
      Operand<TFloat32> precision = tf.math.div(tf.math.cumsum(hits, axis), ranks);
      Operand<TFloat32> positives = tf.reduceSum(hits, axis);
      Operand<TFloat32> one = tf.constant(1f);
      Operand<TFloat32> perClass =
          tf.math.div(
              tf.reduceSum(tf.math.mul(precision, hits), axis), tf.math.maximum(positives, one));
      Operand<TFloat32> present = tf.math.minimum(positives, one);
      Operand<TInt32> classes = tf.constant(0);
      return tf.withName(Objective.MULTI_LABEL.metricName())
          .math
          .div(
              tf.reduceSum(perClass, classes),
              tf.math.maximum(tf.reduceSum(present, classes), one));
    }
  }
}
