/** The losses and batch metrics of a training graph, one implementation for each objective. */
package dev.retrain.training.loss;
