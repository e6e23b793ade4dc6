package dev.retrain.job.output;

/**
 * How long the stages took, in seconds.
 *
 * @param extract computing bottlenecks
 * @param load reading vectors into memory
 * @param train training and testing the layer
 * @param total all of it
 */
public record Timings(double extract, double load, double train, double total) {}
