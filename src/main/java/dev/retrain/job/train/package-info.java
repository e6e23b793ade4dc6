/** Trains one model from a source of vectors, tests it and writes it. */
package dev.retrain.job.train;
