/** The predictions of a model for labeled images with their metrics, for either objective. */
package dev.retrain.evaluation.assessment;
