package dev.retrain.job;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.BottleneckCache;
import dev.retrain.bottleneck.Coverage;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.job.Plan.NetworkPlan;
import dev.retrain.work.Cancelled;
import dev.retrain.work.Failure;
import dev.retrain.work.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what an extraction, or a training after it, would use. Nothing is fetched, and nothing
 * that is computed is kept.
 *
 * @param imageDir the directory with the class folders
 * @param bottleneckDir the cache directory, there or not
 * @param backbone the network, where it is at hand
 * @param split how pictures would be dealt; absent where they would not be
 */
public record DryRunJob(
    Path imageDir, Path bottleneckDir, Optional<Backbone> backbone, Optional<SplitOptions> split) {
  private static final Logger LOG = LoggerFactory.getLogger(DryRunJob.class);

  /**
   * Runs it.
   *
   * @param progress is told how far it is, and may stop it
   * @return what would be used
   * @throws Failure where there is too little, or the network can't be run
   * @throws Cancelled where the user stopped it
   * @throws IOException where a file can't be read
   */
  public Plan run(Progress progress) throws IOException {
    ImageFolder folder = ImageFolder.scan(imageDir);
    folder.notices().forEach(LOG::warn);
    if (split.isEmpty()) {
      return withNetwork(Plan.of(folder), folder, progress);
    }
    Deal deal = Deal.of(folder, folder.files(), 0, split.get());
    Set<Path> used = deal.images().stream().map(LabeledImage::path).collect(Collectors.toSet());
    List<ImageFile> leftOut =
        folder.files().stream().filter(file -> !used.contains(file.path())).toList();
    return withNetwork(Plan.of(deal), folder.without(leftOut), progress);
  }

  private Plan withNetwork(Plan plan, ImageFolder used, Progress progress) throws IOException {
    if (backbone.isEmpty()) {
      return plan;
    }
    Coverage coverage = coverage(used, progress);
    Set<ImageFile> cached = new HashSet<>(used.files());
    coverage.missing().forEach(cached::remove);
    return plan.with(
        new NetworkPlan(
            coverage.cached(),
            coverage.missing().size(),
            coverage.missing().isEmpty()
                ? Optional.empty()
                : new Trial(backbone.get(), used.without(cached)).pace(progress)));
  }

  private Coverage coverage(ImageFolder used, Progress progress) throws IOException {
    // Opening a cache makes one.
    if (!BottleneckCache.exists(bottleneckDir)) {
      return new Coverage(0, used.files());
    }
    try (BottleneckCache cache = new BottleneckCache(bottleneckDir)) {
      return Coverage.of(cache, backbone.orElseThrow().identity(), used, progress);
    }
  }
}
