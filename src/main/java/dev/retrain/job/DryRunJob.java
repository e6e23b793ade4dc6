package dev.retrain.job;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.BottleneckCache;
import dev.retrain.bottleneck.Coverage;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.job.Plan.NetworkPlan;
import dev.retrain.job.Plan.Pace;
import dev.retrain.work.Cancelled;
import dev.retrain.work.Failure;
import dev.retrain.work.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
 * @param variants what would be trained on beside them
 */
public record DryRunJob(
    Path imageDir,
    Path bottleneckDir,
    Optional<Backbone> backbone,
    Optional<SplitOptions> split,
    TrainingVariants variants) {
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
      return withNetwork(Plan.of(folder), List.of(folder), progress);
    }
    Deal deal = Deal.of(folder, folder.files(), 0, split.get(), Map.of());
    Set<Path> used = deal.images().stream().map(LabeledImage::path).collect(Collectors.toSet());
    List<ImageFolder> folders = new ArrayList<>();
    folders.add(
        folder.without(
            folder.files().stream().filter(file -> !used.contains(file.path())).toList()));
    folders.addAll(
        Collections.nCopies(variants.count(), TrainingVariants.training(folder, deal.images())));
    return withNetwork(Plan.of(deal), folders, progress);
  }

  /**
   * @param plan what is known without the network
   * @param folders the pictures themselves, then those of each variant
   */
  private Plan withNetwork(Plan plan, List<ImageFolder> folders, Progress progress)
      throws IOException {
    if (backbone.isEmpty()) {
      return plan;
    }
    List<Backbone> backbones = new ArrayList<>(backbone.stream().toList());
    backbones.addAll(variants.backbones(backbone.get()));
    int cached = 0;
    int missing = 0;
    Optional<Pace> pace = Optional.empty();
    for (int i = 0; i < folders.size(); i++) {
      Coverage coverage = coverage(backbones.get(i), folders.get(i), progress);
      cached += coverage.cached();
      missing += coverage.missing().size();
      if (pace.isEmpty() && !coverage.missing().isEmpty()) {
        Set<ImageFile> there = new HashSet<>(folders.get(i).files());
        coverage.missing().forEach(there::remove);
        pace = new Trial(backbones.get(i), folders.get(i).without(there)).pace(progress);
      }
    }
    return plan.with(new NetworkPlan(cached, missing, pace));
  }

  private Coverage coverage(Backbone of, ImageFolder used, Progress progress) throws IOException {
    // Opening a cache makes one.
    if (!BottleneckCache.exists(bottleneckDir)) {
      return new Coverage(0, used.files());
    }
    try (BottleneckCache cache = new BottleneckCache(bottleneckDir)) {
      return Coverage.of(cache, of.identity(), used, progress);
    }
  }
}
