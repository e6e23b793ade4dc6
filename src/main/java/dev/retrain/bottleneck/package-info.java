/**
 * Vectors per image: {@link dev.retrain.bottleneck.cache.BottleneckCache} keeps them on disk,
 * {@link dev.retrain.bottleneck.extract.Extraction} computes the missing ones, {@link
 * dev.retrain.bottleneck.Vectors} is what training reads and does not ask where it comes from.
 *
 * <p>{@link dev.retrain.bottleneck.text.TextFolder} is a directory of retrain.py's text files:
 * {@link dev.retrain.bottleneck.text.TextImport} and {@link dev.retrain.bottleneck.text.TextExport}
 * move vectors between it and the cache, {@link dev.retrain.bottleneck.text.TextVectors} reads it
 * for training.
 */
package dev.retrain.bottleneck;
