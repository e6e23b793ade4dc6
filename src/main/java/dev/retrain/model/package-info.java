/**
 * The retrained model on disk: {@link dev.retrain.model.ModelWriter} writes the frozen graph, its
 * labels and the {@link dev.retrain.model.ModelMetadata} beside it; {@link
 * dev.retrain.model.ImageClassifier} loads them again; {@link dev.retrain.model.SavedModelWriter}
 * makes a SavedModel of them for other programs.
 */
package dev.retrain.model;
