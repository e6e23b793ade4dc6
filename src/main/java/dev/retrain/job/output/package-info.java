/**
 * What training and sweep share: {@link dev.retrain.job.output.ModelPublisher} tests and writes a
 * model, {@link dev.retrain.job.output.TensorBoardListener} writes events.
 */
package dev.retrain.job.output;
