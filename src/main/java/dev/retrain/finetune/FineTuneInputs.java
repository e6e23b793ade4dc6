package dev.retrain.finetune;

import dev.retrain.finetune.image.BatchSource;
import dev.retrain.finetune.network.TrainableNetwork;
import dev.retrain.image.Preprocessing;

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
    FineTuneOptions options) {}
