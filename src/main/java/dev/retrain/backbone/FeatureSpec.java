package dev.retrain.backbone;

/**
 * Identifies the vectors of a backbone.
 *
 * @param backbone the backbone that computes them
 * @param length floats in a vector
 */
public record FeatureSpec(BackboneIdentity backbone, int length) {}
