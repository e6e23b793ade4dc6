/**
 * Computes the vectors that the cache lacks: reads and decodes images, runs the backbone in
 * batches, and writes the results to the cache.
 */
package dev.retrain.bottleneck.extract;
