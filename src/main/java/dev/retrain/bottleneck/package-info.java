/**
 * Vectors per picture: {@link dev.retrain.bottleneck.BottleneckCache} keeps them on disk, {@link
 * dev.retrain.bottleneck.Extraction} computes the missing ones, {@link
 * dev.retrain.bottleneck.Vectors} is what training reads and does not ask where it comes from.
 */
package dev.retrain.bottleneck;
