package dev.retrain.job.data;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.bottleneck.text.TextFolder;
import dev.retrain.bottleneck.text.TextVectors;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.dataset.Splitter;
import dev.retrain.job.cache.DryRunResult;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Stopwatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of retrain.py's bottleneck files: no images, and no network.
 *
 * @param directory the directory with the class folders
 * @param architecture what ends the files' names before {@code .txt}, empty for the oldest layout;
 *     absent takes what there is
 * @param strict whether one broken file is a failure
 */
public record RetrainPySource(Path directory, Optional<String> architecture, boolean strict)
    implements VectorSource {
  private static final Logger LOG = LoggerFactory.getLogger(RetrainPySource.class);

  @Override
  public Optional<Backbone> backbone() {
    return Optional.empty();
  }

  /**
   * What would be trained on.
   *
   * @param split how it would be dealt
   * @throws RetrainException where there is too little
   * @throws IOException where the directory can't be read
   */
  public DryRunResult plan(SplitOptions split) throws IOException {
    TextFolder text = TextFolder.list(directory, architecture);
    text.folder().notices().forEach(LOG::warn);
    text.folder().checkEnough();
    return DryRunResult.plan(
        DatasetSplit.split(text.folder(), text.folder().files(), 0, split, Map.of()));
  }

  @Override
  public TrainingData prepare(SplitOptions split, Progress progress) throws IOException {
    TextFolder text = TextFolder.list(directory, architecture);
    text.folder().notices().forEach(LOG::warn);
    text.folder().checkEnough();
    // A class that can't fill its partitions is told now, not after reading.
    Splitter.split(text.folder(), text.folder().files(), split);
    Stopwatch loading = Stopwatch.start();
    TextVectors vectors = TextVectors.read(text, strict, progress);
    DatasetSplit deal =
        DatasetSplit.split(text.folder(), vectors.readable(), 0, split, vectors.hashes());
    return new TrainingData(
        text.folder().labels(),
        PartitionedVectors.partition(deal.images(), vectors.vectors()),
        deal.origin(vectors.hashes(), vectors.skipped()),
        vectors.skipped(),
        0,
        loading.seconds());
  }
}
