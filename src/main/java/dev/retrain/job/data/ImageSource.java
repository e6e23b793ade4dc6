package dev.retrain.job.data;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.VectorLoader;
import dev.retrain.bottleneck.extract.Extraction;
import dev.retrain.bottleneck.extract.ExtractionJob;
import dev.retrain.bottleneck.extract.ExtractionResult;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.dataset.Splitter;
import dev.retrain.util.Progress;
import dev.retrain.util.Stopwatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of images: vectors that the cache does not hold are computed.
 *
 * @param bottlenecks the images, the cache and the network
 * @param variants what to train on beside the images
 */
public record ImageSource(ExtractionJob bottlenecks, OnlineAugmentation variants)
    implements VectorSource {
  private static final Logger LOG = LoggerFactory.getLogger(ImageSource.class);

  /** The images as they are. */
  public ImageSource(ExtractionJob bottlenecks) {
    this(bottlenecks, OnlineAugmentation.NONE);
  }

  /**
   * A directory of images, of which broken ones are left out.
   *
   * @param imageDir the directory with the class folders
   * @param bottleneckDir the cache directory
   * @param backbone the network
   */
  public static ImageSource of(Path imageDir, Path bottleneckDir, Backbone backbone) {
    return new ImageSource(new ExtractionJob(imageDir, bottleneckDir, backbone, false));
  }

  @Override
  public Optional<Backbone> backbone() {
    return Optional.of(bottlenecks.backbone());
  }

  @Override
  public TrainingData prepare(SplitOptions split, Progress progress) throws IOException {
    ImageFolder folder = ImageFolder.scan(bottlenecks.imageDir());
    folder.notices().forEach(LOG::warn);
    // A class that can't fill its partitions is told now, not after hours.
    List<ImageFile> leftOut = Splitter.split(folder, folder.files(), split).excluded();
    ImageFolder used = folder.without(leftOut);
    try (BottleneckCache cache = new BottleneckCache(bottlenecks.bottleneckDir())) {
      Stopwatch extracting = Stopwatch.start();
      ExtractionResult extraction =
          Extraction.run(cache, bottlenecks.backbone(), used, bottlenecks.strict(), progress);
      DatasetSplit deal =
          DatasetSplit.split(
              folder, extraction.readable(), leftOut.size(), split, extraction.hashes());
      variants.extract(bottlenecks, cache, used, deal.images(), progress);
      double extractSeconds = extracting.seconds();
      Stopwatch loading = Stopwatch.start();
      long maxBytes = Runtime.getRuntime().maxMemory() / 2 / (1 + variants.count());
      PartitionedVectors images =
          VectorLoader.load(
              cache,
              bottlenecks.backbone().identity(),
              deal.images(),
              extraction.hashes(),
              maxBytes,
              progress);
      PartitionedVectors vectors =
          variants.add(
              bottlenecks, cache, images, deal.images(), extraction.hashes(), maxBytes, progress);
      return new TrainingData(
          folder.labels(),
          vectors,
          deal.origin(extraction.hashes(), extraction.skipped()),
          extraction.skipped(),
          extractSeconds,
          loading.seconds());
    }
  }
}
