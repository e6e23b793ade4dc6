package dev.retrain.job.cache;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.CacheCoverage;
import dev.retrain.bottleneck.cache.ContentHashes;
import dev.retrain.bottleneck.cache.KnownFile;
import dev.retrain.bottleneck.extract.ThroughputProbe;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.labels.LabeledFolder;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.job.data.DatasetSplit;
import dev.retrain.job.data.DryRunResult;
import dev.retrain.job.data.DryRunResult.NetworkPlan;
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
 * Plans an extraction or a training. Downloads nothing, and keeps nothing that it computes.
 *
 * @param folder the images
 * @param bottleneckDir the cache directory; need not exist
 * @param verifyContent whether to hash every image instead of trusting stamps
 * @param backbone the backbone, if it is available locally
 * @param split how images would be assigned to the sets; absent if they would not be split
 * @param multiLabel whether files with the same content in several class folders are one image
 * @param variants distorted variants that would be trained on as well
 */
public record DryRunJob(
    ImageFolder folder,
    Path bottleneckDir,
    boolean verifyContent,
    Optional<Backbone> backbone,
    Optional<SplitOptions> split,
    boolean multiLabel,
    OnlineAugmentation variants) {
  private static final Logger LOG = LoggerFactory.getLogger(DryRunJob.class);

  /**
   * Makes the plan.
   *
   * @param progress receives the progress, and can cancel the work
   * @throws RetrainException if there are too few images, or the backbone can't be run
   * @throws CancelledException if the user cancels
   * @throws IOException if a file can't be read
   */
  public DryRunResult run(Progress progress) throws IOException {
    folder.origin().facts().forEach(LOG::info);
    folder.notices().forEach(LOG::warn);
    if (split.isEmpty()) {
      return withBackbone(DryRunResult.plan(folder), List.of(folder), progress);
    }
    Map<Path, ContentHash> hashes = ContentHashes.ofPossibleDuplicates(folder, knownFiles(folder));
    LabeledFolder labeled =
        multiLabel ? LabeledFolder.merge(folder, hashes) : LabeledFolder.single(folder);
    DatasetSplit assigned =
        DatasetSplit.split(labeled, labeled.files().files(), 0, split.get(), hashes);
    ImageFolder distinct = labeled.files();
    Set<Path> used = assigned.images().stream().map(LabeledImage::path).collect(Collectors.toSet());
    List<ImageFolder> folders = new ArrayList<>();
    folders.add(
        distinct.without(
            distinct.files().stream().filter(file -> !used.contains(file.path())).toList()));
    folders.addAll(
        Collections.nCopies(
            variants.count(), OnlineAugmentation.training(distinct, assigned.images())));
    return withBackbone(DryRunResult.plan(assigned), folders, progress);
  }

  /** What the cache knows of the files. Opening a cache that doesn't exist would create it. */
  private Map<String, KnownFile> knownFiles(ImageFolder folder) throws IOException {
    if (!BottleneckCache.exists(bottleneckDir)) {
      return Map.of();
    }
    try (BottleneckCache cache = new BottleneckCache(bottleneckDir, verifyContent)) {
      return cache.trustedBelow(folder.directory());
    }
  }

  /**
   * @param plan the plan without the backbone
   * @param folders the images themselves, then the images of each variant
   */
  private DryRunResult withBackbone(DryRunResult plan, List<ImageFolder> folders, Progress progress)
      throws IOException {
    if (backbone.isEmpty()) {
      return plan;
    }
    List<Backbone> backbones = new ArrayList<>(backbone.stream().toList());
    backbones.addAll(variants.backbones(backbone.get()));
    int cached = 0;
    int missing = 0;
    Optional<ThroughputProbe.Estimate> throughput = Optional.empty();
    for (int i = 0; i < folders.size(); i++) {
      CacheCoverage coverage = coverage(backbones.get(i), folders.get(i), progress);
      cached += coverage.cached();
      missing += coverage.missing().size();
      if (throughput.isEmpty() && !coverage.missing().isEmpty()) {
        Set<ImageFile> cachedFiles = new HashSet<>(folders.get(i).files());
        coverage.missing().forEach(cachedFiles::remove);
        throughput =
            new ThroughputProbe(backbones.get(i), folders.get(i).without(cachedFiles))
                .estimate(progress);
      }
    }
    return plan.with(new NetworkPlan(backbone.get().inferred(), cached, missing, throughput));
  }

  private CacheCoverage coverage(Backbone variant, ImageFolder folder, Progress progress)
      throws IOException {
    // Opening a cache would create it.
    if (!BottleneckCache.exists(bottleneckDir)) {
      return new CacheCoverage(0, folder.files());
    }
    try (BottleneckCache cache = new BottleneckCache(bottleneckDir, verifyContent)) {
      return CacheCoverage.scan(cache, variant.identity(), folder, progress);
    }
  }
}
