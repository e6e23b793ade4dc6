package dev.retrain.backbone.savedmodel.variable;

/**
 * Where a checkpoint holds the value of a variable.
 *
 * @param name the key
 * @param slice which part of the tensor the variable is, in the form of {@code RestoreV2}; empty
 *     for all of it
 */
public record CheckpointKey(String name, String slice) {}
