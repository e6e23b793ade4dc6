/**
 * How good a layer is: {@link dev.retrain.evaluation.Evaluator} runs it on vectors it was not
 * trained on.
 *
 * <p>Knows vectors and labels; never pictures or networks.
 */
package dev.retrain.evaluation;
