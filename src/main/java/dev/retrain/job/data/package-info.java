/**
 * Where vectors and labels come from, and how they are split: a {@link
 * dev.retrain.job.data.VectorSource} provides {@link dev.retrain.job.data.TrainingData}.
 */
package dev.retrain.job.data;
