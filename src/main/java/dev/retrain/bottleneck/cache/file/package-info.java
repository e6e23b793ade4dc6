/** The append-only, checksummed files that hold the vectors of the cache. */
package dev.retrain.bottleneck.cache.file;
