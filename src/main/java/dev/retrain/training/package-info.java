/**
 * Training of the classifier head: {@link dev.retrain.training.head.HeadTrainer} fits a {@link
 * dev.retrain.training.Head} to feature vectors according to {@link
 * dev.retrain.training.TrainingOptions} and reports its progress to a {@link
 * dev.retrain.training.TrainingListener}.
 *
 * <p>This package knows vectors and labels, but neither images nor backbones. The classes here are
 * plain data; {@link dev.retrain.training.graph} builds TensorFlow graphs from them.
 */
package dev.retrain.training;
