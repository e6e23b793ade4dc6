/**
 * Models without metadata, as the original retrain.py wrote them: a frozen graph and a file of
 * labels. {@link dev.retrain.model.legacy.LegacyModel} infers from the graph what the options of
 * TensorFlow's label_image.py say: input and output tensor, size, mean and standard deviation.
 */
package dev.retrain.model.legacy;
