/** Fills the cache from files, and plans what would be computed. */
package dev.retrain.job.cache;
