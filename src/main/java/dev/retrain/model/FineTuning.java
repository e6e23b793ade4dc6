package dev.retrain.model;

/**
 * The fine-tuning of the backbone.
 *
 * @param layers the layers that were trained
 * @param epochs number of epochs, at least 1
 * @param bestEpoch the epoch whose weights were the best, from 1
 * @param headValidationAccuracy validation accuracy before it, 0 to 1
 * @param validationAccuracy validation accuracy after it, 0 to 1
 * @param used whether the model has the weights after it: only if they are better
 */
public record FineTuning(
    String layers,
    int epochs,
    int bestEpoch,
    double headValidationAccuracy,
    double validationAccuracy,
    boolean used) {}
