package dev.retrain.job.evaluate;

import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.ContentHashes;
import dev.retrain.bottleneck.text.TextFolder;
import dev.retrain.bottleneck.text.TextVectors;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.DataFingerprint;
import dev.retrain.dataset.DuplicateGroups;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.dataset.Splitter;
import dev.retrain.model.ModelMetadata.DataOrigin;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What files were to a model's training, as far as its description, the directory it was trained on
 * and the cache tell.
 *
 * @param origin what the model was trained on
 * @param split how that was dealt
 * @param files the class folders it was trained on, where they are there; and files that were there
 *     once, as the cache remembers them
 * @param hashes the content hash of each file
 */
record SeenImages(
    DataOrigin origin, SplitOptions split, ImageFolder files, Map<Path, ContentHash> hashes) {

  /**
   * What each file of a directory was to the training.
   *
   * @param own whether they are the files it was trained on
   * @param changed whether they have changed since
   * @param known whether it can be told
   * @param partitions what each file was; files that are missing here are to be left out
   * @param duplicates files that were dealt otherwise than one of the same content
   * @param copies warped copies, which are left out
   */
  record Parts(
      boolean own,
      boolean changed,
      boolean known,
      Map<ImageFile, Partition> partitions,
      int duplicates,
      int copies) {}

  /**
   * @param origin what a model was trained on
   * @throws RetrainException where it does not say how that was dealt
   */
  static SplitOptions split(DataOrigin origin) {
    if (origin.split() == null) {
      throw new RetrainException(
          "The model's description does not say how its images were dealt, as an earlier version"
              + " of the tool wrote it; train the model again.");
    }
    return new SplitOptions(
        origin.split().testingPercentage(),
        origin.split().validationPercentage(),
        Optional.ofNullable(origin.split().testFiles()));
  }

  /**
   * What a model of images was trained on.
   *
   * @param origin as the model's description has it
   * @param split how that was dealt
   * @param labels the model's
   * @param evaluated the directory to look at later
   * @param contents the content hash of each of its files
   * @param cache where files are remembered
   * @param progress is told of every file that is read, and may stop the work
   * @throws IOException where a directory can't be looked at
   */
  static SeenImages images(
      DataOrigin origin,
      SplitOptions split,
      List<String> labels,
      ImageFolder evaluated,
      Map<Path, ContentHash> contents,
      BottleneckCache cache,
      Progress progress)
      throws IOException {
    Path directory = Path.of(origin.directory());
    Map<Path, ContentHash> gone = ContentHashes.ofDeletedFiles(cache, directory);
    Map<Path, ContentHash> hashes = new HashMap<>(gone);
    ImageFolder there = nothing(directory);
    if (isOwn(evaluated.directory(), origin)) {
      there = evaluated;
      hashes.putAll(contents);
    } else if (Files.isDirectory(directory)) {
      there = ImageFolder.list(directory);
      hashes.putAll(ContentHashes.compute(cache, there, progress));
    }
    return new SeenImages(
        origin, split, there.relabeled(labels).withFiles(directory, gone.keySet()), hashes);
  }

  /**
   * What a model of vectors was trained on.
   *
   * @param origin as the model's description has it
   * @param split how that was dealt
   * @param evaluated the files to look at later
   * @param contents the content hash of each of them
   * @param progress is told of every file that is read, and may stop the work
   * @throws IOException where a directory can't be looked at
   */
  static SeenImages vectors(
      DataOrigin origin,
      SplitOptions split,
      TextFolder evaluated,
      Map<Path, ContentHash> contents,
      Progress progress)
      throws IOException {
    Path directory = Path.of(origin.directory());
    if (isOwn(evaluated.folder().directory(), origin)) {
      return new SeenImages(origin, split, evaluated.folder(), contents);
    }
    if (!Files.isDirectory(directory)) {
      return new SeenImages(origin, split, nothing(directory), Map.of());
    }
    TextFolder before = TextFolder.list(directory, Optional.of(evaluated.architecture()));
    return new SeenImages(
        origin, split, before.folder(), TextVectors.read(before, false, progress).hashes());
  }

  private static ImageFolder nothing(Path directory) {
    return new ImageFolder(directory, List.of(), List.of(), List.of());
  }

  /**
   * Looks at a directory.
   *
   * @param folder its classes, with the model's labels
   * @param contents the content hash of each of its files
   * @throws IOException where the directory can't be looked at
   */
  Parts look(ImageFolder folder, Map<Path, ContentHash> contents) throws IOException {
    boolean sameDirectory = isOwn(folder.directory(), origin);
    Optional<List<LabeledImage>> dealt = deal(folder);
    boolean unchanged =
        dealt.isPresent()
            && dealt.get().stream().allMatch(image -> contents.containsKey(image.path()))
            && DataFingerprint.compute(dealt.get(), contents).equals(origin.fingerprint());
    if (unchanged) {
      return own(
          false,
          folder,
          dealt.get(),
          contents,
          DuplicateGroups.earliestPartitions(dealt.get(), contents));
    }
    Map<ContentHash, Partition> seen =
        DuplicateGroups.earliestPartitions(deal(files).orElse(List.of()), hashes);
    if (!sameDirectory) {
      return other(folder, contents, seen);
    }
    return own(
        true,
        folder,
        dealt.orElseThrow(
            () ->
                new RetrainException(
                    ("The images in %s have changed since the model was trained, and a class is"
                            + " left with too few to deal them; give --image-dir a directory of"
                            + " images the model has not seen.")
                        .formatted(folder.directory()))),
        contents,
        seen);
  }

  private static boolean isOwn(Path directory, DataOrigin origin) throws IOException {
    Path own = Path.of(origin.directory());
    return Files.exists(own) && Files.isSameFile(directory, own);
  }

  /** Deals as the training did; empty where a class has too few. */
  private Optional<List<LabeledImage>> deal(ImageFolder folder) {
    ImageFolder there = folder.relabeled(labelsWithFiles(folder));
    Set<String> unreadable = Set.copyOf(origin.unreadable());
    try {
      Set<ImageFile> leftOut = Set.copyOf(Splitter.split(there, there.files(), split).excluded());
      List<ImageFile> used =
          there.files().stream()
              .filter(file -> !leftOut.contains(file) && !unreadable.contains(file.name()))
              .toList();
      return Optional.of(Splitter.split(there, used, split).images());
    } catch (RetrainException e) {
      return Optional.empty();
    }
  }

  private static List<String> labelsWithFiles(ImageFolder folder) {
    Set<Integer> labels = folder.files().stream().map(ImageFile::label).collect(Collectors.toSet());
    return IntStream.range(0, folder.labels().size())
        .filter(labels::contains)
        .mapToObj(folder.labels()::get)
        .toList();
  }

  private static Parts own(
      boolean changed,
      ImageFolder folder,
      List<LabeledImage> dealt,
      Map<Path, ContentHash> contents,
      Map<ContentHash, Partition> seen) {
    Map<Path, Partition> byPath = new HashMap<>();
    dealt.forEach(image -> byPath.put(image.path(), image.partition()));
    Map<ImageFile, Partition> partitions = new HashMap<>();
    int duplicates = 0;
    for (ImageFile file : folder.files()) {
      Partition byName = byPath.get(file.path());
      if (byName != null) {
        Partition part = Partition.earliest(byName, byContent(file, contents, seen));
        partitions.put(file, part);
        duplicates += part == byName ? 0 : 1;
      }
    }
    int copies = (int) folder.copies().stream().filter(f -> !partitions.containsKey(f)).count();
    return new Parts(true, changed, true, partitions, duplicates, copies);
  }

  private static Parts other(
      ImageFolder folder, Map<Path, ContentHash> contents, Map<ContentHash, Partition> seen) {
    Set<ImageFile> copies = new HashSet<>(folder.copies());
    Map<ImageFile, Partition> partitions = new HashMap<>();
    for (ImageFile file : folder.files()) {
      if (!copies.contains(file)) {
        partitions.put(file, byContent(file, contents, seen));
      }
    }
    return new Parts(false, false, !seen.isEmpty(), partitions, 0, copies.size());
  }

  private static Partition byContent(
      ImageFile file, Map<Path, ContentHash> contents, Map<ContentHash, Partition> seen) {
    ContentHash hash = contents.get(file.path());
    return hash == null ? Partition.TEST : seen.getOrDefault(hash, Partition.TEST);
  }
}
