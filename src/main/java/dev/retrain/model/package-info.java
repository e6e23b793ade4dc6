/**
 * The retrained model on disk: {@link dev.retrain.model.ModelWriter} writes the frozen graph, its
 * labels and the {@link dev.retrain.model.ModelDescription} beside it; {@link
 * dev.retrain.model.RetrainedModel} loads them again.
 */
package dev.retrain.model;
