/**
 * Trains a head on feature vectors alone: the graph, its batches and the training loop. It knows no
 * backbone and no image.
 */
package dev.retrain.training.head;
