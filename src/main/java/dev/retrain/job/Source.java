package dev.retrain.job;

import dev.retrain.backbone.Backbone;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.work.Cancelled;
import dev.retrain.work.Failure;
import dev.retrain.work.Progress;
import java.io.IOException;
import java.util.Optional;

/** Where the vectors of a training come from. */
public sealed interface Source permits PictureSource, TextSource {
  /** The network the new layer is put on; absent where the model takes vectors. */
  Optional<Backbone> backbone();

  /**
   * Gets the vectors, and deals them to partitions.
   *
   * @param split how
   * @param progress is told how far it is, and may stop it
   * @return the vectors and what they are of
   * @throws Failure where they can't be used, or are too few to train on
   * @throws Cancelled where the user stopped it
   * @throws IOException where a file can't be read or written
   */
  Examples prepare(SplitOptions split, Progress progress) throws IOException;
}
