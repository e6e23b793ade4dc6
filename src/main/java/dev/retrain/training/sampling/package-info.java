/** Sampling of training batches: which images each update sees, and how many updates there are. */
package dev.retrain.training.sampling;
