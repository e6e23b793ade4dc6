/**
 * The benchmark, {@code mvn -Pbench verify}: what the tool is measured by, and against whom.
 *
 * <p>A group of {@link dev.retrain.bench.Measurements} measures what belongs together. Whatever is
 * compared takes turns ({@link dev.retrain.bench.Rounds}), so that a machine that is slow for a
 * while is so for all of them; a figure is the median of its rounds, with the lowest and the
 * highest.
 */
package dev.retrain.bench;
