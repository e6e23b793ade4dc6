/**
 * Imports retrain.py's bottleneck files into the cache, and plans what a run would compute. {@link
 * dev.retrain.bottleneck.extract.ExtractionJob} fills the cache from images.
 */
package dev.retrain.job.cache;
