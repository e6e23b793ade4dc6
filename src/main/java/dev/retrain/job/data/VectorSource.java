package dev.retrain.job.data;

import dev.retrain.backbone.Backbone;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.util.Optional;

/** Where the vectors of a training come from. */
public sealed interface VectorSource permits ImageSource, RetrainPySource {
  /** The network the new layer is put on; absent where the model takes vectors. */
  Optional<Backbone> backbone();

  /**
   * Gets the vectors, and deals them to partitions.
   *
   * @param split how
   * @param progress is told how far it is, and may stop it
   * @return the vectors and what they are of
   * @throws RetrainException where they can't be used, or are too few to train on
   * @throws CancelledException where the user stopped it
   * @throws IOException where a file can't be read or written
   */
  TrainingData prepare(SplitOptions split, Progress progress) throws IOException;
}
