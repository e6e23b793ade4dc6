/**
 * Evaluation of classifiers: {@link dev.retrain.evaluation.Evaluator} runs a classifier on labeled
 * vectors and returns {@link dev.retrain.evaluation.Predictions}; {@link
 * dev.retrain.evaluation.Metrics} are computed from these.
 *
 * <p>The package depends on vectors and heads, not on images or backbones.
 */
package dev.retrain.evaluation;
