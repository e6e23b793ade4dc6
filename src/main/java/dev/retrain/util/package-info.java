/**
 * Utilities of all stages: {@link dev.retrain.util.TensorFlowRuntime} (creates graphs after making
 * results repeatable), {@link dev.retrain.util.RetrainException} (an error that the user can fix)
 * and {@link dev.retrain.util.Setting}, {@link dev.retrain.util.Progress} (progress and
 * cancellation), {@link dev.retrain.util.NativeLibraries} (unpacks native libraries), {@link
 * dev.retrain.util.RunWatchdog} (limits the time of a run), files in {@code io}, text in {@code
 * text}, threads in {@code concurrent}.
 *
 * <p>This package depends on no other.
 */
package dev.retrain.util;
