/** Predictions and metrics of models that give an image any number of classes. */
package dev.retrain.evaluation.multilabel;
