/**
 * The main jobs from end to end, each one call: {@link
 * dev.retrain.bottleneck.extract.ExtractionJob} fills the cache, {@link
 * dev.retrain.job.train.TrainJob} makes a model on disk of what a {@link
 * dev.retrain.job.data.VectorSource} gives, {@link dev.retrain.job.evaluate.EvaluateJob} says how
 * good it is, {@link dev.retrain.job.predict.PredictJob} uses it, {@link
 * dev.retrain.job.export.ExportModelJob} makes a SavedModel of it. They join the stages and hold no
 * logic of their own; the commands parse for them and print what they return.
 *
 * <p>This is also the door for Java: {@link dev.retrain.job.train.TrainJob#of} with all defaults,
 * {@link dev.retrain.backbone.BackboneLoader} for the network, {@link
 * dev.retrain.util.Progress#NONE} where nobody watches, {@link dev.retrain.model.ImageClassifier}
 * to classify. What goes wrong for a reason the user can act on is a {@link
 * dev.retrain.util.RetrainException}.
 */
package dev.retrain.job;
