/**
 * What TensorBoard reads: {@link dev.retrain.tensorboard.EventFileWriter} writes one run's events,
 * {@link dev.retrain.tensorboard.LogDirectory} gives each run a directory without an earlier run's,
 * {@link dev.retrain.tensorboard.GraphSummary} makes a graph small enough to show, {@link
 * dev.retrain.tensorboard.HParams} tells what a run was given, {@link
 * dev.retrain.tensorboard.Projector} shows its vectors, {@link
 * dev.retrain.tensorboard.ImageSummary} an image.
 */
package dev.retrain.tensorboard;
