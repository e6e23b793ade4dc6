/** Trains with many settings on the same vectors, records each run, and tests the best one. */
package dev.retrain.job.sweep;
