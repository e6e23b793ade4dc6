/**
 * The main jobs from end to end, each one call: {@link dev.retrain.job.BottleneckJob} fills the
 * cache, {@link dev.retrain.job.TrainJob} makes a model on disk of what a {@link
 * dev.retrain.job.Source} gives, {@link dev.retrain.job.EvaluateJob} says how good it is, {@link
 * dev.retrain.job.PredictJob} uses it. They join the stages and hold no logic of their own; the
 * commands parse for them and print what they return.
 */
package dev.retrain.job;
