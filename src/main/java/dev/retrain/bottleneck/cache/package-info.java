/**
 * The cache of feature vectors on disk: a SQLite index and append-only, checksummed vector files,
 * keyed by image content and backbone identity.
 */
package dev.retrain.bottleneck.cache;
