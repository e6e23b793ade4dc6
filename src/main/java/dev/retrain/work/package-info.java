/**
 * What every stage shares: {@link dev.retrain.work.Progress} (how far long work is, and whether it
 * should stop), {@link dev.retrain.work.Failure} (a failure told in one sentence), {@link
 * dev.retrain.work.AtomicFile} (a file that is whole or not there), {@link
 * dev.retrain.work.HardLink} (a file in two places) and {@link dev.retrain.work.Workers} (all
 * cores).
 *
 * <p>This package knows no other.
 */
package dev.retrain.work;
