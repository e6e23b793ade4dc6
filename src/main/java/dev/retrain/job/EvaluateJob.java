package dev.retrain.job;

import dev.retrain.dataset.Partition;
import dev.retrain.work.Cancelled;
import dev.retrain.work.Failure;
import dev.retrain.work.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Evaluates a model on disk.
 *
 * @param model its graph, or the description beside it
 * @param imageDir a directory with the class folders; absent means the one the model was trained on
 * @param vectors retrain.py's bottleneck files, for a model that takes vectors; absent means the
 *     directory it was trained on
 * @param bottleneckDir the cache directory
 * @param partition which pictures to evaluate on; absent means all
 * @param strict whether one broken picture is a failure
 */
public record EvaluateJob(
    Path model,
    Optional<Path> imageDir,
    Optional<TextSource> vectors,
    Path bottleneckDir,
    Optional<Partition> partition,
    boolean strict) {
  /**
   * Runs it.
   *
   * @param progress is told how far it is, and may stop it
   * @return what it gave
   * @throws Failure where the model or the pictures can't be used, or there are none of the
   *     partition
   * @throws Cancelled where the user stopped it; vectors that were computed are kept
   * @throws IOException where a file can't be read or written
   */
  @SuppressWarnings("DoNotCallSuggester") // To be filled in.
  public EvaluateReport run(Progress progress) throws IOException {
    throw new UnsupportedOperationException();
  }
}
