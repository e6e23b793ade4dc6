/**
 * What every stage shares: {@link dev.retrain.util.Progress} (how far long work is, and whether it
 * should stop), {@link dev.retrain.util.RetrainException} (a failure told in one sentence), {@link
 * dev.retrain.util.io.AtomicFile} (a file that is whole or not there), {@link
 * dev.retrain.util.io.HardLink} (a file in two places) and {@link
 * dev.retrain.util.concurrent.WorkerPool} (all cores).
 *
 * <p>This package knows no other.
 */
package dev.retrain.util;
