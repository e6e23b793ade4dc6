package dev.retrain.job.data;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.bottleneck.text.TextFolder;
import dev.retrain.bottleneck.text.TextVectors;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.dataset.split.Splitter;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Stopwatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of retrain.py's bottleneck files, without images or backbone.
 *
 * @param directory the directory with the class folders
 * @param architecture suffix of the file names before {@code .txt}, empty for the oldest layout; if
 *     absent, the suffix is detected
 * @param strict whether an unreadable file is an error
 */
public record RetrainPySource(Path directory, Optional<String> architecture, boolean strict)
    implements VectorSource {
  private static final Logger LOG = LoggerFactory.getLogger(RetrainPySource.class);

  @Override
  public Optional<Backbone> backbone() {
    return Optional.empty();
  }

  @Override
  public VectorIdentity identity() {
    return VectorIdentity.RETRAIN_PY;
  }

  @Override
  public List<String> labels() throws IOException {
    return TextFolder.list(directory, architecture).folder().labels();
  }

  @Override
  public boolean hasImages() {
    return false;
  }

  /**
   * Plans a training without reading vectors.
   *
   * @param options how files are assigned to the sets
   * @throws RetrainException if there are too few files
   * @throws IOException if the directory can't be read
   */
  public DryRunResult plan(SplitOptions options) throws IOException {
    TextFolder text = list();
    return DryRunResult.plan(
        DatasetSplit.split(text.folder(), text.folder().files(), 0, options, Map.of()));
  }

  @Override
  public TrainingData prepare(SplitOptions options, Progress progress) throws IOException {
    TextFolder text = list();
    // Fails before the files are read if a class has too few files for the split.
    Splitter.split(text.folder(), text.folder().files(), options);
    Stopwatch loading = Stopwatch.start();
    TextVectors vectors = TextVectors.read(text, strict, progress);
    DatasetSplit split =
        DatasetSplit.split(text.folder(), vectors.readable(), 0, options, vectors.hashes());
    return new TrainingData(
        text.folder().labels(),
        PartitionedVectors.partition(split.images(), vectors.vectors()),
        split.origin(vectors.hashes(), vectors.skipped(), null),
        vectors.skipped(),
        0,
        loading.seconds());
  }

  private TextFolder list() throws IOException {
    TextFolder text = TextFolder.list(directory, architecture);
    text.folder().notices().forEach(LOG::warn);
    text.folder().checkEnough();
    return text;
  }
}
