/** Trains one model. */
package dev.retrain.job.train;
