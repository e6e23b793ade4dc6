/**
 * A trained model on disk. {@link dev.retrain.model.ModelWriter} writes the frozen graph, its
 * labels and {@link dev.retrain.model.ModelMetadata}; {@link dev.retrain.model.ModelBundle} reads
 * and checks them; {@link dev.retrain.model.ImageClassifier} classifies images with them; {@link
 * dev.retrain.model.export.SavedModelWriter} converts them to a TensorFlow SavedModel.
 */
package dev.retrain.model;
