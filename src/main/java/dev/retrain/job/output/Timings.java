package dev.retrain.job.output;

/**
 * The duration of each stage of a training, in seconds.
 *
 * @param extract computing vectors
 * @param load reading vectors into memory
 * @param train training and testing the head
 * @param total everything
 */
public record Timings(double extract, double load, double train, double total) {}
