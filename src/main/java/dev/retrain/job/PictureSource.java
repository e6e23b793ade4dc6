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
 */
public record PictureSource(BottleneckJob bottlenecks) implements Source {
  private static final Logger LOG = LoggerFactory.getLogger(PictureSource.class);

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
      double extractSeconds = extracting.seconds();
      Deal deal = Deal.of(folder, extraction.readable(), leftOut.size(), split);
      Stopwatch loading = Stopwatch.start();
      PartitionedVectors vectors =
          PartitionedVectors.load(
              cache,
              bottlenecks.backbone(),
              deal.images(),
              extraction.hashes(),
              Runtime.getRuntime().maxMemory() / 2,
              progress);
      return new Examples(
          folder.labels(),
          vectors,
          deal.origin(extraction.hashes(), extraction.skipped().size()),
          extraction.skipped(),
          extractSeconds,
          loading.seconds());
    }
  }
}
