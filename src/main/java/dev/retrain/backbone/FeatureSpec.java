package dev.retrain.backbone;

/**
 * Which vectors: of what network, and how long.
 *
 * @param backbone the network they are of
 * @param length floats in a vector
 */
public record FeatureSpec(BackboneIdentity backbone, int length) {}
