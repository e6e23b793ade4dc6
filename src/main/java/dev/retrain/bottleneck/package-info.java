/**
 * Bottleneck vectors: the numbers that a backbone computes for each image.
 *
 * <ul>
 *   <li>{@link dev.retrain.bottleneck.Vectors} is what training and evaluation read;
 *   <li>{@link dev.retrain.bottleneck.cache.BottleneckCache} stores vectors on disk, and {@link
 *       dev.retrain.bottleneck.cache.VectorLoader} loads them;
 *   <li>{@link dev.retrain.bottleneck.extract.Extraction} computes the vectors that the cache
 *       lacks;
 *   <li>{@link dev.retrain.bottleneck.text.TextFolder} is a directory of retrain.py's text files.
 *       {@link dev.retrain.bottleneck.text.TextImport} and {@link
 *       dev.retrain.bottleneck.text.TextExport} copy vectors between it and the cache, and {@link
 *       dev.retrain.bottleneck.text.TextVectors} reads it for training.
 * </ul>
 */
package dev.retrain.bottleneck;
