/**
 * Writes TensorBoard's files: {@link dev.retrain.tensorboard.EventFileWriter} writes the events of
 * a run, {@link dev.retrain.tensorboard.LogDirectory} moves an earlier run aside, {@link
 * dev.retrain.tensorboard.GraphSummary} reduces the size of a graph, {@link
 * dev.retrain.tensorboard.HParams} creates the summaries of hyperparameters, {@link
 * dev.retrain.tensorboard.Projector} writes embeddings, {@link
 * dev.retrain.tensorboard.ImageSummary} encodes images.
 */
package dev.retrain.tensorboard;
