package dev.retrain.job.cache;

import dev.retrain.bottleneck.extract.ThroughputProbe;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.job.data.DatasetSplit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a command would use.
 *
 * @param directory the directory with the class folders
 * @param classes its classes, in order
 * @param leftOut copies of images that are not trained on
 * @param network what is known of the network and the vectors; absent where the network is not at
 *     hand, or none is run
 */
public record DryRunResult(
    Path directory, List<ClassCount> classes, int leftOut, Optional<NetworkPlan> network) {
  /**
   * A class.
   *
   * @param label its name
   * @param files how many of its files would be used
   * @param dealt how many of them in which partition; empty where they are not dealt
   */
  public record ClassCount(String label, int files, Map<Partition, Integer> dealt) {
    /** Copies the map. */
    public ClassCount {
      dealt = Map.copyOf(dealt);
    }
  }

  /**
   * A network that is at hand, and its vectors.
   *
   * @param cached vectors that are cached
   * @param missing vectors that would be computed
   * @param pace how fast, where that is known; a trial tells
   */
  public record NetworkPlan(int cached, int missing, Optional<ThroughputProbe.Estimate> pace) {
    /** Seconds for the missing vectors, where that is known; the start not counted. */
    public Optional<Double> seconds() {
      return missing == 0 ? Optional.of(0.0) : pace.map(known -> missing / known.imagesPerSecond());
    }
  }

  /** Copies the list. */
  public DryRunResult {
    classes = List.copyOf(classes);
  }

  /** Images that are dealt. */
  public static DryRunResult plan(DatasetSplit deal) {
    ImageFolder folder = deal.folder();
    List<Map<Partition, Integer>> counts = new ArrayList<>();
    folder.labels().forEach(label -> counts.add(new EnumMap<>(Partition.class)));
    for (LabeledImage image : deal.images()) {
      counts.get(image.label()).merge(image.partition(), 1, Integer::sum);
    }
    List<ClassCount> classes =
        IntStream.range(0, counts.size())
            .mapToObj(
                label ->
                    new ClassCount(
                        folder.labels().get(label),
                        counts.get(label).values().stream().mapToInt(Integer::intValue).sum(),
                        counts.get(label)))
            .toList();
    int leftOut = folder.files().size() - deal.images().size();
    return new DryRunResult(folder.directory(), classes, leftOut, Optional.empty());
  }

  /** Images that are not dealt. */
  public static DryRunResult plan(ImageFolder folder) {
    int[] counts = new int[folder.labels().size()];
    for (ImageFile file : folder.files()) {
      counts[file.label()]++;
    }
    List<ClassCount> classes =
        IntStream.range(0, counts.length)
            .mapToObj(label -> new ClassCount(folder.labels().get(label), counts[label], Map.of()))
            .toList();
    return new DryRunResult(folder.directory(), classes, 0, Optional.empty());
  }

  /** The same with what is known of the network. */
  DryRunResult with(NetworkPlan known) {
    return new DryRunResult(directory, classes, leftOut, Optional.of(known));
  }

  /** Files that would be used. */
  public int files() {
    return classes.stream().mapToInt(ClassCount::files).sum();
  }

  /** Files in a partition. */
  public int files(Partition partition) {
    return classes.stream().mapToInt(count -> count.dealt().getOrDefault(partition, 0)).sum();
  }
}
