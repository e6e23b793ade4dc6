package dev.retrain.job.evaluate;

import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.ContentHashes;
import dev.retrain.bottleneck.text.TextFolder;
import dev.retrain.bottleneck.text.TextVectors;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.DataFingerprint;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.archive.ImageArchive;
import dev.retrain.dataset.labels.ImageLabels;
import dev.retrain.dataset.labels.LabeledFolder;
import dev.retrain.dataset.split.DuplicateGroups;
import dev.retrain.dataset.split.NohashCopies;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.model.data.DataOrigin;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The images a model was trained on, as far as they are known from its metadata, the directory it
 * was trained on and the cache.
 *
 * @param origin the training data according to the metadata
 * @param split how the data was split
 * @param labeled the class folders the model was trained on, if they still exist, and deleted files
 *     the cache remembers
 * @param hashes the content hash of each file
 */
record SeenImages(
    DataOrigin origin, SplitOptions split, LabeledFolder labeled, Map<Path, ContentHash> hashes) {

  /**
   * The sets of a directory's files.
   *
   * @param overlap how the files relate to those the model was trained on
   * @param partitions the set of each file; files that are excluded are missing
   * @param unreadable the files that could not be read when the model was trained, which are
   *     excluded
   */
  record Assignment(
      TrainingOverlap overlap, Map<ImageFile, Partition> partitions, List<ImageFile> unreadable) {}

  /**
   * @param origin the training data of a model
   * @throws RetrainException if the metadata doesn't contain the split
   */
  static SplitOptions split(DataOrigin origin) {
    if (origin.split() == null) {
      throw new RetrainException(
          "The model's metadata was written by an earlier version of the tool and doesn't contain the"
              + " split of its images; train the model again.");
    }
    try {
      return new SplitOptions(
          origin.split().testingPercentage(),
          origin.split().validationPercentage(),
          Optional.ofNullable(origin.split().testFiles()));
    } catch (InvalidSettingException e) {
      throw new RetrainException(
          e, "The model's metadata is damaged: %s; train the model again.", e.getMessage());
    }
  }

  /**
   * The images a model was trained on.
   *
   * @param origin the training data according to the metadata
   * @param split how the data was split
   * @param labeling how the model's images are labeled
   * @param evaluated the files to evaluate
   * @param contents the content hash of each of them
   * @param cache the cache, which remembers deleted files
   * @param progress receives the progress, and can cancel the work
   * @throws IOException if a directory can't be read
   */
  static SeenImages images(
      DataOrigin origin,
      SplitOptions split,
      FolderLabeling labeling,
      ImageFolder evaluated,
      Map<Path, ContentHash> contents,
      BottleneckCache cache,
      Progress progress)
      throws IOException {
    if (!origin.known()) {
      return new SeenImages(origin, split, noImages(evaluated.directory()), Map.of());
    }
    Path directory = ImageArchive.directory(Path.of(origin.directory()));
    Map<Path, ContentHash> deleted = ContentHashes.ofDeletedFiles(cache, directory);
    Map<Path, ContentHash> hashes = new HashMap<>(deleted);
    ImageFolder existing = emptyFolder(directory);
    // A manifest may be read with other columns, which say other sets.
    if (!TrainingList.isManifest(origin) && TrainingList.isOwn(evaluated.origin().path(), origin)) {
      existing = evaluated;
      hashes.putAll(contents);
    } else {
      Optional<ImageFolder> listed = new TrainingList(origin).existing();
      if (listed.isPresent()) {
        existing = listed.get();
        hashes.putAll(ContentHashes.compute(cache, existing, progress));
      }
    }
    ImageFolder known =
        new TrainingList(origin)
            .withDeleted(existing.relabeled(labeling.labels()), deleted.keySet());
    return new SeenImages(origin, split, labeling.labelKnown(known, hashes), hashes);
  }

  /**
   * The files of vectors a model was trained on.
   *
   * @param origin the training data according to the metadata
   * @param split how the data was split
   * @param evaluated the files to evaluate
   * @param contents the content hash of each of them
   * @param progress receives the progress, and can cancel the work
   * @throws IOException if a directory can't be read
   */
  static SeenImages vectors(
      DataOrigin origin,
      SplitOptions split,
      TextFolder evaluated,
      Map<Path, ContentHash> contents,
      Progress progress)
      throws IOException {
    Path directory = Path.of(origin.directory());
    if (TrainingList.isOwn(evaluated.folder().directory(), origin)) {
      return new SeenImages(origin, split, LabeledFolder.single(evaluated.folder()), contents);
    }
    if (!Files.isDirectory(directory)) {
      return new SeenImages(origin, split, noImages(directory), Map.of());
    }
    TextFolder trained = TextFolder.list(directory, Optional.of(evaluated.architecture()));
    return new SeenImages(
        origin,
        split,
        LabeledFolder.single(trained.folder()),
        TextVectors.read(trained, false, progress).hashes());
  }

  private static ImageFolder emptyFolder(Path directory) {
    return new ImageFolder(directory, List.of(), List.of(), List.of());
  }

  private static LabeledFolder noImages(Path directory) {
    return LabeledFolder.single(emptyFolder(directory));
  }

  /**
   * Determines the set of each file in a directory.
   *
   * @param given the directory, with the model's labels
   * @param contents the content hash of each of its files
   * @throws IOException if the directory can't be read
   */
  Assignment assign(LabeledFolder given, Map<Path, ContentHash> contents) throws IOException {
    ImageFolder folder = given.files();
    boolean sameDirectory = TrainingList.isOwn(folder.origin().path(), origin);
    Optional<List<LabeledImage>> assigned = new NameSplit(origin, split).apply(folder);
    if (assigned.isPresent() && hasFingerprint(assigned.get(), given.labels(), contents)) {
      return own(
          false,
          folder,
          assigned.get(),
          contents,
          DuplicateGroups.earliestPartitions(assigned.get(), contents));
    }
    Optional<List<LabeledImage>> trained = new NameSplit(origin, split).apply(labeled.files());
    Map<ContentHash, Partition> seen =
        DuplicateGroups.earliestPartitions(trained.orElse(List.of()), hashes);
    if (!sameDirectory) {
      return other(folder, contents, seen, isListChanged(trained));
    }
    return own(
        true,
        folder,
        assigned.orElseThrow(
            () ->
                new RetrainException(
                    "The images in %s have changed since the model was trained, and a class has too"
                        + " few images left to split. Change %s to a directory of new images.",
                    folder.origin().path(), Setting.IMAGE_DIRECTORY)),
        contents,
        seen);
  }

  /** Whether a manifest may lack images that it had in the training. */
  private boolean isListChanged(Optional<List<LabeledImage>> trained) {
    return TrainingList.determinesSets(origin)
        && trained.filter(all -> !hasFingerprint(all, labeled.labels(), hashes)).isPresent();
  }

  /** Whether these are the files the model was trained on. */
  private boolean hasFingerprint(
      List<LabeledImage> images, ImageLabels labels, Map<Path, ContentHash> contents) {
    return images.stream().allMatch(image -> contents.containsKey(image.path()))
        && DataFingerprint.compute(images, contents, labels::fingerprint)
            .equals(origin.fingerprint());
  }

  private Assignment own(
      boolean changed,
      ImageFolder folder,
      List<LabeledImage> assigned,
      Map<Path, ContentHash> contents,
      Map<ContentHash, Partition> seen) {
    Set<String> unreadable = Set.copyOf(origin.unreadable());
    Map<Path, Partition> byName = new HashMap<>();
    assigned.forEach(image -> byName.put(image.path(), image.partition()));
    Map<Path, Partition> merged = new HashMap<>();
    List<LabeledImage> earliest =
        assigned.stream()
            .map(image -> image.withPartition(earliest(image, contents, seen)))
            .toList();
    // A group is in one set, also where one of its images was trained on.
    DuplicateGroups.mergePartitions(earliest, contents)
        .forEach(image -> merged.put(image.path(), image.partition()));
    Map<ImageFile, Partition> partitions = new HashMap<>();
    int duplicates = 0;
    for (ImageFile file : folder.files()) {
      Partition partition = merged.get(file.path());
      if (partition != null) {
        partitions.put(file, partition);
        duplicates += partition == byName.get(file.path()) ? 0 : 1;
      }
    }
    int copies =
        (int) NohashCopies.in(folder).stream().filter(f -> !partitions.containsKey(f)).count();
    List<ImageFile> broken =
        folder.files().stream()
            .filter(file -> !partitions.containsKey(file) && unreadable.contains(file.name()))
            .toList();
    return new Assignment(
        new TrainingOverlap(
            true, changed, !(changed && TrainingList.determinesSets(origin)), duplicates, copies),
        partitions,
        broken);
  }

  private static Assignment other(
      ImageFolder folder,
      Map<Path, ContentHash> contents,
      Map<ContentHash, Partition> seen,
      boolean changed) {
    Set<ImageFile> copies = new HashSet<>(NohashCopies.in(folder));
    Map<ImageFile, Partition> partitions = new HashMap<>();
    for (ImageFile file : folder.files()) {
      if (!copies.contains(file)) {
        partitions.put(
            file,
            Partition.earliest(
                file.hints().partition().orElse(Partition.TEST),
                byContent(file.path(), contents, seen)));
      }
    }
    return new Assignment(
        new TrainingOverlap(false, changed, !changed && !seen.isEmpty(), 0, copies.size()),
        partitions,
        List.of());
  }

  private static Partition earliest(
      LabeledImage image, Map<Path, ContentHash> contents, Map<ContentHash, Partition> seen) {
    return Partition.earliest(image.partition(), byContent(image.path(), contents, seen));
  }

  private static Partition byContent(
      Path file, Map<Path, ContentHash> contents, Map<ContentHash, Partition> seen) {
    ContentHash hash = contents.get(file);
    return hash == null ? Partition.TEST : seen.getOrDefault(hash, Partition.TEST);
  }
}
