package dev.retrain.job.data;

import dev.retrain.bottleneck.extract.ThroughputProbe;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The plan of a run.
 *
 * @param directory the directory with the class folders, or the manifest
 * @param classes its classes, in order
 * @param total the numbers of all images; an image with several classes counts once
 * @param excluded number of copies (_nohash_) that are excluded
 * @param network what is known about the backbone and its vectors; absent if the backbone isn't
 *     available locally, or none is run
 */
public record DryRunResult(
    Path directory,
    List<ClassCount> classes,
    ClassCount total,
    int excluded,
    Optional<NetworkPlan> network) {
  private static final String TOTAL = "total";

  /**
   * A class.
   *
   * @param label its name
   * @param files number of files that would be used
   * @param partitions number of files in each set; empty if the files aren't split
   */
  public record ClassCount(String label, int files, Map<Partition, Integer> partitions) {
    public ClassCount {
      // In the order of the sets, unlike Map.copyOf: the JSON output depends on it.
      partitions = new TreeMap<>(partitions);
    }

    private static ClassCount sum(String label, Map<Partition, Integer> partitions) {
      return new ClassCount(
          label, partitions.values().stream().mapToInt(Integer::intValue).sum(), partitions);
    }
  }

  /**
   * A backbone that is available locally, and its vectors.
   *
   * @param inferred what was inferred about the backbone and why, in sentences
   * @param cached number of cached vectors
   * @param missing number of vectors that would be computed
   * @param throughput estimated from a short sample; absent if it is unknown
   */
  public record NetworkPlan(
      List<String> inferred,
      int cached,
      int missing,
      Optional<ThroughputProbe.Estimate> throughput) {
    public NetworkPlan {
      inferred = List.copyOf(inferred);
    }

    /** Estimated time to compute the missing vectors, in seconds, without the time to start. */
    public Optional<Double> seconds() {
      return missing == 0
          ? Optional.of(0.0)
          : throughput.map(estimate -> missing / estimate.imagesPerSecond());
    }
  }

  public DryRunResult {
    classes = List.copyOf(classes);
  }

  /** A plan for images that are split into sets. */
  public static DryRunResult plan(DatasetSplit split) {
    ImageFolder folder = split.folder();
    List<String> labels = split.labels().classes();
    List<Map<Partition, Integer>> counts = new ArrayList<>();
    labels.forEach(label -> counts.add(new EnumMap<>(Partition.class)));
    Map<Partition, Integer> total = new EnumMap<>(Partition.class);
    for (LabeledImage image : split.images()) {
      total.merge(image.partition(), 1, Integer::sum);
      for (int label : split.labels().of(image).indexes()) {
        counts.get(label).merge(image.partition(), 1, Integer::sum);
      }
    }
    List<ClassCount> classes =
        IntStream.range(0, counts.size())
            .mapToObj(label -> ClassCount.sum(labels.get(label), counts.get(label)))
            .toList();
    int excluded = folder.files().size() - split.images().size();
    return new DryRunResult(
        folder.origin().path(), classes, ClassCount.sum(TOTAL, total), excluded, Optional.empty());
  }

  /** A plan for images that are not split. */
  public static DryRunResult plan(ImageFolder folder) {
    int[] counts = new int[folder.labels().size()];
    for (ImageFile file : folder.files()) {
      counts[file.label()]++;
    }
    List<ClassCount> classes =
        IntStream.range(0, counts.length)
            .mapToObj(label -> new ClassCount(folder.labels().get(label), counts[label], Map.of()))
            .toList();
    return new DryRunResult(
        folder.origin().path(),
        classes,
        new ClassCount(
            TOTAL, (int) folder.files().stream().map(ImageFile::path).distinct().count(), Map.of()),
        0,
        Optional.empty());
  }

  /** This plan with what is known about the backbone. */
  public DryRunResult with(NetworkPlan known) {
    return new DryRunResult(directory, classes, total, excluded, Optional.of(known));
  }

  /** Number of files that would be used. */
  public int files() {
    return total.files();
  }

  /** Number of files in a set. */
  public int files(Partition partition) {
    return total.partitions().getOrDefault(partition, 0);
  }
}
