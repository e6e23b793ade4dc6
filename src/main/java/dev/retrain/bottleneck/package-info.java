/**
 * Vectors per picture: {@link dev.retrain.bottleneck.BottleneckCache} keeps them on disk, {@link
 * dev.retrain.bottleneck.Extraction} computes the missing ones, {@link
 * dev.retrain.bottleneck.Vectors} is what training reads and does not ask where it comes from.
 *
 * <p>{@link dev.retrain.bottleneck.TextFolder} is a directory of retrain.py's text files: {@link
 * dev.retrain.bottleneck.TextImport} and {@link dev.retrain.bottleneck.TextExport} move vectors
 * between it and the cache, {@link dev.retrain.bottleneck.TextVectors} reads it for training.
 */
package dev.retrain.bottleneck;
