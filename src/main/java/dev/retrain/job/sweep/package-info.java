/**
 * Trains with many settings, and writes the model of the best one. The log directory keeps a {@link
 * dev.retrain.job.sweep.RunRecord} of each run, so that a sweep resumes.
 */
package dev.retrain.job.sweep;
