/**
 * The use cases of the library, each one call. {@link dev.retrain.bottleneck.extract.ExtractionJob}
 * fills the cache, {@link dev.retrain.job.train.TrainJob} trains a model on the vectors of a {@link
 * dev.retrain.job.data.VectorSource}, {@link dev.retrain.job.evaluate.EvaluateJob} evaluates it,
 * {@link dev.retrain.job.predict.PredictJob} classifies images with it, {@link
 * dev.retrain.job.export.ExportModelJob} exports it as a SavedModel.
 *
 * <p>Jobs are what Java programs call: {@link dev.retrain.job.train.TrainJob#builder} has defaults
 * for all options, {@link dev.retrain.backbone.BackboneLoader} loads a backbone, {@link
 * dev.retrain.util.Progress#NONE} ignores the progress, {@link dev.retrain.model.ImageClassifier}
 * loads the model. Errors the user can correct are {@link dev.retrain.util.RetrainException}s.
 *
 * <p>A job's package depends on {@code job.data} and {@code job.output}, not on other jobs.
 */
package dev.retrain.job;
