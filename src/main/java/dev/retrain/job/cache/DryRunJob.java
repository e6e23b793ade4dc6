package dev.retrain.job.cache;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.CacheCoverage;
import dev.retrain.bottleneck.extract.ThroughputProbe;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.job.cache.DryRunResult.NetworkPlan;
import dev.retrain.job.data.DatasetSplit;
import dev.retrain.job.data.OnlineAugmentation;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
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
 * @param split how images would be dealt; absent where they would not be
 * @param variants what would be trained on beside them
 */
public record DryRunJob(
    Path imageDir,
    Path bottleneckDir,
    Optional<Backbone> backbone,
    Optional<SplitOptions> split,
    OnlineAugmentation variants) {
  private static final Logger LOG = LoggerFactory.getLogger(DryRunJob.class);

  /**
   * Runs it.
   *
   * @param progress is told how far it is, and may stop it
   * @return what would be used
   * @throws RetrainException where there is too little, or the network can't be run
   * @throws CancelledException where the user stopped it
   * @throws IOException where a file can't be read
   */
  public DryRunResult run(Progress progress) throws IOException {
    ImageFolder folder = ImageFolder.scan(imageDir);
    folder.notices().forEach(LOG::warn);
    if (split.isEmpty()) {
      return withNetwork(DryRunResult.plan(folder), List.of(folder), progress);
    }
    DatasetSplit deal = DatasetSplit.split(folder, folder.files(), 0, split.get(), Map.of());
    Set<Path> used = deal.images().stream().map(LabeledImage::path).collect(Collectors.toSet());
    List<ImageFolder> folders = new ArrayList<>();
    folders.add(
        folder.without(
            folder.files().stream().filter(file -> !used.contains(file.path())).toList()));
    folders.addAll(
        Collections.nCopies(variants.count(), OnlineAugmentation.training(folder, deal.images())));
    return withNetwork(DryRunResult.plan(deal), folders, progress);
  }

  /**
   * @param plan what is known without the network
   * @param folders the images themselves, then those of each variant
   */
  private DryRunResult withNetwork(DryRunResult plan, List<ImageFolder> folders, Progress progress)
      throws IOException {
    if (backbone.isEmpty()) {
      return plan;
    }
    List<Backbone> backbones = new ArrayList<>(backbone.stream().toList());
    backbones.addAll(variants.backbones(backbone.get()));
    int cached = 0;
    int missing = 0;
    Optional<ThroughputProbe.Estimate> pace = Optional.empty();
    for (int i = 0; i < folders.size(); i++) {
      CacheCoverage coverage = coverage(backbones.get(i), folders.get(i), progress);
      cached += coverage.cached();
      missing += coverage.missing().size();
      if (pace.isEmpty() && !coverage.missing().isEmpty()) {
        Set<ImageFile> there = new HashSet<>(folders.get(i).files());
        coverage.missing().forEach(there::remove);
        pace =
            new ThroughputProbe(backbones.get(i), folders.get(i).without(there)).estimate(progress);
      }
    }
    return plan.with(new NetworkPlan(cached, missing, pace));
  }

  private CacheCoverage coverage(Backbone of, ImageFolder used, Progress progress)
      throws IOException {
    // Opening a cache makes one.
    if (!BottleneckCache.exists(bottleneckDir)) {
      return new CacheCoverage(0, used.files());
    }
    try (BottleneckCache cache = new BottleneckCache(bottleneckDir)) {
      return CacheCoverage.scan(cache, of.identity(), used, progress);
    }
  }
}
