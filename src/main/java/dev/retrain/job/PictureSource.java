package dev.retrain.job;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.BottleneckCache;
import dev.retrain.bottleneck.Extraction;
import dev.retrain.bottleneck.ExtractionResult;
import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.Split;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.work.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of pictures: vectors that the cache does not hold are computed.
 *
 * @param bottlenecks the pictures, the cache and the network
 * @param variants what to train on beside the pictures
 */
public record PictureSource(BottleneckJob bottlenecks, TrainingVariants variants)
    implements Source {
  private static final Logger LOG = LoggerFactory.getLogger(PictureSource.class);

  /** The pictures as they are. */
  public PictureSource(BottleneckJob bottlenecks) {
    this(bottlenecks, TrainingVariants.NONE);
  }

  /**
   * A directory of pictures, of which broken ones are left out.
   *
   * @param imageDir the directory with the class folders
   * @param bottleneckDir the cache directory
   * @param backbone the network
   */
  public static PictureSource of(Path imageDir, Path bottleneckDir, Backbone backbone) {
    return new PictureSource(new BottleneckJob(imageDir, bottleneckDir, backbone, false));
  }

  @Override
  public Optional<Backbone> backbone() {
    return Optional.of(bottlenecks.backbone());
  }

  @Override
  public Examples prepare(SplitOptions split, Progress progress) throws IOException {
    ImageFolder folder = ImageFolder.scan(bottlenecks.imageDir());
    folder.notices().forEach(LOG::warn);
    // A class that can't fill its partitions is told now, not after hours.
    List<ImageFile> leftOut = Split.of(folder, folder.files(), split).leftOut();
    ImageFolder used = folder.without(leftOut);
    try (BottleneckCache cache = new BottleneckCache(bottlenecks.bottleneckDir())) {
      Stopwatch extracting = Stopwatch.start();
      ExtractionResult extraction =
          Extraction.run(cache, bottlenecks.backbone(), used, bottlenecks.strict(), progress);
      Deal deal =
          Deal.of(folder, extraction.readable(), leftOut.size(), split, extraction.hashes());
      variants.extract(bottlenecks, cache, used, deal.images(), progress);
      double extractSeconds = extracting.seconds();
      Stopwatch loading = Stopwatch.start();
      long maxBytes = Runtime.getRuntime().maxMemory() / 2 / (1 + variants.count());
      PartitionedVectors pictures =
          PartitionedVectors.load(
              cache,
              bottlenecks.backbone(),
              deal.images(),
              extraction.hashes(),
              maxBytes,
              progress);
      PartitionedVectors vectors =
          variants.add(
              bottlenecks, cache, pictures, deal.images(), extraction.hashes(), maxBytes, progress);
      return new Examples(
          folder.labels(),
          vectors,
          deal.origin(extraction.hashes(), extraction.skipped()),
          extraction.skipped(),
          extractSeconds,
          loading.seconds());
    }
  }
}
