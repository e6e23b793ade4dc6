package dev.retrain.finetune;

import dev.retrain.finetune.image.BatchSource;
import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.finetune.network.Moments;
import dev.retrain.finetune.network.TrainableNetwork;
import dev.retrain.image.Preprocessing;
import java.util.List;
import java.util.function.Function;

/**
 * What a training starts from, besides the head.
 *
 * @param network the network
 * @param vector name of the node that computes its vectors
 * @param preprocessing size and scale of the images
 * @param batches builds the batches
 * @param options how to train
 */
record FineTuneInputs(
    TrainableNetwork network,
    String vector,
    Preprocessing preprocessing,
    BatchSource batches,
    FineTuneOptions options) {
  /**
   * The moments over the plan's batches, one element per normalization.
   *
   * @param measure measures those of a batch
   */
  List<Moments> moments(TrainingPlan plan, Function<BatchTensors, List<Moments>> measure) {
    if (network.normalizations().isEmpty()) {
      return List.of();
    }
    Moments.Average average = new Moments.Average();
    for (int[] images : plan.momentBatches()) {
      try (BatchTensors batch = batches.buildUndistorted(images)) {
        average.add(measure.apply(batch));
      }
    }
    return average.result();
  }
}
