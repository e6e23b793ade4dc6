package dev.retrain.finetune.image;

import dev.retrain.finetune.input.ActivationInputs;
import dev.retrain.finetune.input.ActivationTensors;
import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.image.Preprocessing;
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
    TFloat32 values = TFloat32.tensorOf(inputs.batchShape(images.length));
    BatchTensors batch =
        BatchTensors.allocate(
            new ActivationTensors(inputs.cut(), values), images.length, targets.classes());
    try {
      activations.read(images, values);
      targets.write(batch, images);
      return batch;
    } catch (RuntimeException | Error e) {
      batch.close();
      throw e;
    }
  }
}
