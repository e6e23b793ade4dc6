/**
 * The main jobs from end to end, each one call: {@link dev.retrain.job.BottleneckJob} fills the
 * cache, {@link dev.retrain.job.TrainJob} makes a model on disk of what a {@link
 * dev.retrain.job.Source} gives, {@link dev.retrain.job.EvaluateJob} says how good it is, {@link
 * dev.retrain.job.PredictJob} uses it, {@link dev.retrain.job.ExportModelJob} makes a SavedModel of
 * it. They join the stages and hold no logic of their own; the commands parse for them and print
 * what they return.
 *
 * <p>This is also the door for Java: {@link dev.retrain.job.TrainJob#of} with all defaults, {@link
 * dev.retrain.backbone.BackboneLoader} for the network, {@link dev.retrain.work.Progress#NONE}
 * where nobody watches, {@link dev.retrain.model.RetrainedModel} to classify. What goes wrong for a
 * reason the user can act on is a {@link dev.retrain.work.Failure}.
 */
package dev.retrain.job;
