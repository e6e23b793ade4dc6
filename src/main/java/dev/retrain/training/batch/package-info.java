/** Batches of vectors, labels and weights as tensors that a training graph is fed with. */
package dev.retrain.training.batch;
