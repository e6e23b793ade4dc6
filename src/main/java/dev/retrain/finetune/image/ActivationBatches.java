package dev.retrain.finetune.image;

import dev.retrain.finetune.input.ActivationInputs;
import dev.retrain.finetune.input.ActivationTensors;
import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.image.Preprocessing;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/**
 * Builds batches of cached activations, so that the part of a network that is not trained is
 * computed only once. Images are not distorted.
 *
 * @param activations the activations
 * @param inputs the node whose values they are
 * @param targets what the network learns about the images
 */
public record ActivationBatches(
    ActivationFile activations, ActivationInputs inputs, ImageTargets targets)
    implements BatchSource {
  @Override
  public int count() {
    return targets.count();
  }

  @Override
  public ActivationInputs inputs(Preprocessing preprocessing) {
    return inputs;
  }

  @Override
  public BatchTensors build(int[] images, int next, int epoch) {
    return buildUndistorted(images);
  }

  @Override
  public BatchTensors buildUndistorted(int[] images) {
    long[] shape = new long[inputs.shape().size() + 1];
    shape[0] = images.length;
    for (int i = 1; i < shape.length; i++) {
      shape[i] = inputs.shape().get(i - 1);
    }
    BatchTensors batch =
        BatchTensors.allocate(
            new ActivationTensors(inputs.cut(), TFloat32.tensorOf(Shape.of(shape))),
            images.length,
            targets.classes());
    try {
      activations.read(images, ((ActivationTensors) batch.inputs()).activations());
      targets.write(batch, images);
      return batch;
    } catch (RuntimeException | Error e) {
      batch.close();
      throw e;
    }
  }
}
