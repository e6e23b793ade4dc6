/**
 * Works on the cache of feature vectors: imports retrain.py's files, and plans a run without doing
 * it.
 */
package dev.retrain.job.cache;
