/**
 * How good a layer or a model is. {@link dev.retrain.evaluation.Evaluator} runs a layer on vectors
 * it was not trained on; {@link dev.retrain.evaluation.Predictions} is what a model says of images,
 * and {@link dev.retrain.evaluation.Metrics} the figures that are made of it.
 *
 * <p>Knows vectors and labels; never images or networks.
 */
package dev.retrain.evaluation;
