/**
 * The main jobs from end to end, each one call: {@link dev.retrain.job.BottleneckJob} fills the
 * cache, {@link dev.retrain.job.TrainJob} goes on from there to a model on disk. They join the
 * stages and hold no logic of their own; the commands parse for them and print what they return.
 */
package dev.retrain.job;
