package dev.retrain.model;

/**
 * The fine-tuning of the backbone.
 *
 * @param layers the layers that were trained, as the user chose them: default, all, a number of
 *     blocks from the end, or the tensor before them
 * @param blocks number of blocks of the network
 * @param trainedBlocks number of blocks that were trained, from the last one
 * @param parameters number of trained values
 * @param epochs number of epochs, at least 1
 * @param bestEpoch the epoch whose weights were the best, from 1
 * @param headValidationAccuracy validation accuracy before it, 0 to 1; mean average precision if
 *     images may have several classes
 * @param validationAccuracy the same after it
 * @param used whether the model has the weights after it: only if they are better
 */
public record FineTuning(
    String layers,
    int blocks,
    int trainedBlocks,
    long parameters,
    int epochs,
    int bestEpoch,
    double headValidationAccuracy,
    double validationAccuracy,
    boolean used) {}
