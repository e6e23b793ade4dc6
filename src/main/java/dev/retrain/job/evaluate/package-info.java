/** Evaluates a model on disk, and determines which images it has seen in its training. */
package dev.retrain.job.evaluate;
