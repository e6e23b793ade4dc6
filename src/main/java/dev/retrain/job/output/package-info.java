/**
 * What a training writes: model files, TensorBoard logs, test results and embeddings. Shared by
 * {@code train} and {@code sweep}.
 */
package dev.retrain.job.output;
