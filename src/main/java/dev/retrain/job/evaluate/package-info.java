/** Evaluates a model on disk, and determines which images it was trained on. */
package dev.retrain.job.evaluate;
