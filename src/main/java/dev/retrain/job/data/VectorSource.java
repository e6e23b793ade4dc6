package dev.retrain.job.data;

import dev.retrain.backbone.Backbone;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Provides the feature vectors of a training. */
public interface VectorSource {
  /** The backbone that the trained head is attached to; absent if the model accepts vectors. */
  Optional<Backbone> backbone();

  /** What the vectors depend on besides the files. */
  VectorIdentity identity();

  /**
   * The classes, before any slow work.
   *
   * @throws RetrainException if the files can't be used
   * @throws IOException if a directory can't be read
   */
  List<String> labels() throws IOException;

  /** Whether the files are images, which can be shown. */
  boolean hasImages();

  /**
   * Reads or computes the vectors, and splits them into training, validation and test sets.
   *
   * @param split how files are assigned to the sets
   * @param progress receives the progress, and can cancel the work
   * @return the vectors; the caller closes them
   * @throws RetrainException if the files can't be used, or there are too few of them
   * @throws CancelledException if the user cancels
   * @throws IOException if a file can't be read or written
   */
  TrainingData prepare(SplitOptions split, Progress progress) throws IOException;
}
