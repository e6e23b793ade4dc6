package dev.retrain.bottleneck.extract;

/**
 * How fast vectors are computed.
 *
 * @param imagesPerSecond above 0
 * @param images number of images it was measured on
 */
public record Throughput(double imagesPerSecond, int images) {}
