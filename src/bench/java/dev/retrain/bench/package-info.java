/**
 * The benchmark, {@code mvn -Pbench verify}.
 *
 * <p>{@link dev.retrain.bench.Measurements} is a group of related rows. Contenders take turns
 * ({@link dev.retrain.bench.Rounds}), so that a temporary load of the machine affects all of them.
 * A figure is the median of its rounds, with the lowest and the highest value. Python peers are in
 * {@code src/bench/python}.
 */
package dev.retrain.bench;
