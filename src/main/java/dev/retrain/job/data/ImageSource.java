package dev.retrain.job.data;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.ContentHashes;
import dev.retrain.bottleneck.cache.VectorLoader;
import dev.retrain.bottleneck.cache.file.DamagedVectorsException;
import dev.retrain.bottleneck.extract.Extraction;
import dev.retrain.bottleneck.extract.ExtractionJob;
import dev.retrain.bottleneck.extract.ExtractionResult;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.labels.LabeledFolder;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.dataset.split.Splitter;
import dev.retrain.training.Objective;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.Stopwatch;
import dev.retrain.util.text.Counted;
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
 * @param multiLabel whether files with the same content in several class folders are one image with
 *     all these classes; otherwise each file has exactly one class
 */
public record ImageSource(
    ExtractionJob bottlenecks, OnlineAugmentation variants, boolean multiLabel)
    implements VectorSource {
  private static final Logger LOG = LoggerFactory.getLogger(ImageSource.class);

  /** A source of images with exactly one class. */
  public ImageSource(ExtractionJob bottlenecks, OnlineAugmentation variants) {
    this(bottlenecks, variants, false);
  }

  /** A source of images with exactly one class, without variants. */
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
  public List<String> labels() throws IOException {
    return bottlenecks.images().list().labels();
  }

  @Override
  public boolean hasImages() {
    return true;
  }

  /**
   * The same source with a backbone that was trained on its images.
   *
   * @param tuned the backbone
   */
  public ImageSource with(Backbone tuned) {
    return new ImageSource(bottlenecks.with(tuned), variants, multiLabel);
  }

  /**
   * Computes the vectors of the validation and test images with this source's backbone.
   *
   * @param data data that {@link #prepare} returned for these images, with another backbone
   * @param progress receives the progress, and can cancel the work
   * @return the data with the vectors, and without training vectors; the caller closes it
   * @throws RetrainException if an image can't be read any more
   * @throws CancelledException if the user cancels
   * @throws IOException if a file can't be read or written
   */
  public TrainingData recompute(TrainingData data, Progress progress) throws IOException {
    PartitionedVectors vectors = RecomputedVectors.compute(bottlenecks, data, progress);
    return new TrainingData(
        data.labels(),
        data.objective(),
        vectors,
        data.origin(),
        data.skipped(),
        data.extractSeconds(),
        data.loadSeconds());
  }

  @Override
  public TrainingData prepare(SplitOptions options, Progress progress) throws IOException {
    ImageFolder folder = bottlenecks.images().scan();
    folder.origin().facts().forEach(LOG::info);
    folder.notices().forEach(LOG::warn);
    if (!multiLabel) {
      LabeledFolder labeled = LabeledFolder.single(folder);
      List<ImageFile> excluded = excluded(labeled, options);
      try (BottleneckCache cache = bottlenecks.openCache()) {
        return prepare(cache, labeled, excluded, options, progress);
      }
    }
    if (bottlenecks.images().maxPerClass().isPresent()) {
      throw new RetrainException(
          "%s can't be used with %s: an image that is not sampled in one of its classes would lose this"
              + " label.",
          Setting.MAX_PER_CLASS, Setting.MULTI_LABEL);
    }
    try (BottleneckCache cache = bottlenecks.openCache()) {
      LabeledFolder labeled =
          LabeledFolder.merge(folder, ContentHashes.compute(cache, folder, progress));
      logMerged(folder, labeled);
      return prepare(cache, labeled, excluded(labeled, options), options, progress);
    }
  }

  /** Fails before hours of extraction if a class has too few images for the split. */
  private static List<ImageFile> excluded(LabeledFolder labeled, SplitOptions options) {
    if (labeled.labels().multiLabel()) {
      labeled.labels().checkEnough(labeled.files().files());
    }
    return Splitter.split(labeled.files(), labeled.files().files(), options).excluded();
  }

  private static void logMerged(ImageFolder folder, LabeledFolder labeled) {
    long several = labeled.withSeveralLabels();
    LOG.info(
        "{} of {} are {}; images with several labels: {}.",
        Counted.of(folder.files().size(), "file"),
        Counted.of(folder.labels().size(), "class"),
        Counted.of(labeled.files().files().size(), "image"),
        several);
    if (several == 0) {
      LOG.warn(
          "Every image has exactly one label. An image has several if the same file, with identical"
              + " content, is in several class folders.");
    }
  }

  private TrainingData prepare(
      BottleneckCache cache,
      LabeledFolder folder,
      List<ImageFile> excluded,
      SplitOptions options,
      Progress progress)
      throws IOException {
    return DamagedVectorsException.recompute(
        1 + variants.count(), () -> extract(cache, folder, excluded, options, progress));
  }

  private TrainingData extract(
      BottleneckCache cache,
      LabeledFolder folder,
      List<ImageFile> excluded,
      SplitOptions options,
      Progress progress)
      throws IOException {
    ImageFolder used = folder.files().without(excluded);
    Stopwatch extracting = Stopwatch.start();
    ExtractionResult extraction =
        Extraction.run(cache, bottlenecks.backbone(), used, bottlenecks.strict(), progress);
    DatasetSplit split =
        DatasetSplit.split(
            folder, extraction.readable(), excluded.size(), options, extraction.hashes());
    variants.extract(bottlenecks, cache, used, split.images(), progress);
    double extractSeconds = extracting.seconds();
    Stopwatch loading = Stopwatch.start();
    PartitionedVectors vectors =
        SampleWeights.apply(
            load(cache, split, extraction, progress).with(folder.labels()), split.images());
    return new TrainingData(
        folder.labels().classes(),
        multiLabel ? Objective.MULTI_LABEL : Objective.SINGLE_LABEL,
        vectors,
        split.origin(
            extraction.hashes(),
            extraction.skipped(),
            ListDescription.of(bottlenecks.images(), folder.files())),
        extraction.skipped(),
        extractSeconds,
        loading.seconds());
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
