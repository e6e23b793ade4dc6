/** Exports a trained model as a SavedModel. */
package dev.retrain.job.export;
