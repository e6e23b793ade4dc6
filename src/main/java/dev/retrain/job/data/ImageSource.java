package dev.retrain.job.data;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.VectorLoader;
import dev.retrain.bottleneck.cache.file.DamagedVectorsException;
import dev.retrain.bottleneck.extract.Extraction;
import dev.retrain.bottleneck.extract.ExtractionJob;
import dev.retrain.bottleneck.extract.ExtractionResult;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.dataset.split.Splitter;
import dev.retrain.util.Progress;
import dev.retrain.util.Stopwatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory or list of images. Vectors that are missing in the cache are computed.
 *
 * @param bottlenecks the images, the cache and the backbone
 * @param variants distorted variants of the training images to train on as well
 */
public record ImageSource(ExtractionJob bottlenecks, OnlineAugmentation variants)
    implements VectorSource {
  private static final Logger LOG = LoggerFactory.getLogger(ImageSource.class);

  /** A source without variants. */
  public ImageSource(ExtractionJob bottlenecks) {
    this(bottlenecks, OnlineAugmentation.NONE);
  }

  /**
   * A source without variants that skips unreadable images.
   *
   * @param imageDir the directory with the class folders, which may be split
   * @param bottleneckDir the cache directory
   * @param backbone the backbone
   */
  public static ImageSource of(Path imageDir, Path bottleneckDir, Backbone backbone) {
    return new ImageSource(new ExtractionJob(imageDir, bottleneckDir, backbone, false));
  }

  @Override
  public Optional<Backbone> backbone() {
    return Optional.of(bottlenecks.backbone());
  }

  @Override
  public VectorIdentity identity() {
    return new VectorIdentity(
        bottlenecks.backbone().identity().text(),
        variants.count(),
        variants.count() == 0 ? null : variants.distortion());
  }

  @Override
  public boolean hasImages() {
    return true;
  }

  @Override
  public TrainingData prepare(SplitOptions options, Progress progress) throws IOException {
    ImageFolder folder = bottlenecks.images().scan();
    folder.origin().facts().forEach(LOG::info);
    folder.notices().forEach(LOG::warn);
    SampleWeights.refuse(folder);
    // Fails before hours of extraction if a class has too few images for the split.
    List<ImageFile> excluded = Splitter.split(folder, folder.files(), options).excluded();
    ImageFolder used = folder.without(excluded);
    try (BottleneckCache cache = bottlenecks.openCache()) {
      return DamagedVectorsException.recompute(
          1 + variants.count(),
          () -> prepare(cache, folder, used, excluded.size(), options, progress));
    }
  }

  private TrainingData prepare(
      BottleneckCache cache,
      ImageFolder folder,
      ImageFolder used,
      int excluded,
      SplitOptions options,
      Progress progress)
      throws IOException {
    Stopwatch extracting = Stopwatch.start();
    ExtractionResult extraction =
        Extraction.run(cache, bottlenecks.backbone(), used, bottlenecks.strict(), progress);
    DatasetSplit split =
        DatasetSplit.split(folder, extraction.readable(), excluded, options, extraction.hashes());
    variants.extract(bottlenecks, cache, used, split.images(), progress);
    double extractSeconds = extracting.seconds();
    Stopwatch loading = Stopwatch.start();
    PartitionedVectors vectors = load(cache, split, extraction, progress);
    return new TrainingData(
        folder.labels(),
        vectors,
        split.origin(
            extraction.hashes(),
            extraction.skipped(),
            ListDescription.of(bottlenecks.images(), folder)),
        extraction.skipped(),
        extractSeconds,
        loading.seconds(),
        SampleWeights.training(split.images(), 1 + variants.count()));
  }

  private PartitionedVectors load(
      BottleneckCache cache, DatasetSplit split, ExtractionResult extraction, Progress progress) {
    long maxBytes = Runtime.getRuntime().maxMemory() / 2 / (1 + variants.count());
    PartitionedVectors images =
        VectorLoader.load(
            cache,
            bottlenecks.backbone().identity(),
            split.images(),
            extraction.hashes(),
            maxBytes,
            progress);
    return variants.add(
        bottlenecks, cache, images, split.images(), extraction.hashes(), maxBytes, progress);
  }
}
