package dev.retrain.dataset.labels;

import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.FileHints;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.listing.FileListing;
import dev.retrain.dataset.split.Components;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Files to split, and their classes.
 *
 * @param files the files; where an image may have several classes, all files are in one group for
 *     the split, {@value #ALL_CLASSES}, and each content occurs once
 * @param labels their classes
 */
public record LabeledFolder(ImageFolder files, ImageLabels labels) {
  /** The split is not made class by class where an image may have several. */
  private static final String ALL_CLASSES = "all classes";

  /**
   * The files of a folder, each with exactly one class.
   *
   * @throws RetrainException if a manifest gives a file several labels
   */
  public static LabeledFolder single(ImageFolder folder) {
    Set<Path> seen = new HashSet<>();
    for (ImageFile file : folder.files()) {
      if (!seen.add(file.path())) {
        throw new RetrainException(
            "%s gives %s several labels; use %s, or give each image one label.",
            folder.origin().path(), file.path(), Setting.MULTI_LABEL);
      }
    }
    return new LabeledFolder(folder, ImageLabels.single(folder.labels()));
  }

  /**
   * Merges files with the same content in several class folders to one image with all these
   * classes. The image is named after the first of the files in the folder's order, and this name
   * decides about its set.
   *
   * @param folder the class folders
   * @param contents the content hash of each file; a file without one is not merged
   * @throws RetrainException if the name of a class contains the separator of labels
   */
  public static LabeledFolder merge(ImageFolder folder, Map<Path, ContentHash> contents) {
    for (String label : folder.labels()) {
      if (label.contains(LabelSet.SEPARATOR)) {
        throw new RetrainException(
            "The class name '%s' contains '%s', which separates the labels of an image with %s; rename"
                + " the folder.",
            label, LabelSet.SEPARATOR, Setting.MULTI_LABEL);
      }
    }
    Map<ContentHash, ImageFile> first = new HashMap<>();
    Map<ImageFile, LabelSet> merged = new LinkedHashMap<>();
    for (ImageFile file : folder.files()) {
      ContentHash hash = contents.get(file.path());
      ImageFile image = hash == null ? file : first.computeIfAbsent(hash, key -> file);
      merged.merge(image, LabelSet.of(file.label()), LabelSet::union);
    }
    Map<ImageFile, FileHints> hints = hints(folder, contents, first);
    Map<Path, LabelSet> sets = new HashMap<>();
    merged.forEach((image, set) -> sets.put(image.path(), set));
    List<ImageFile> images =
        merged.keySet().stream()
            .map(image -> image.withLabel(0).withHints(hints.get(image)))
            .sorted(Comparator.comparing(ImageFile::name, FileListing.CODE_POINTS))
            .toList();
    return new LabeledFolder(
        new ImageFolder(
            folder.directory(), List.of(ALL_CLASSES), images, folder.notices(), folder.origin()),
        new ImageLabels(folder.labels(), Optional.of(sets)));
  }

  /** What is said of any of the files with the content of an image: groups are joined. */
  private static Map<ImageFile, FileHints> hints(
      ImageFolder folder, Map<Path, ContentHash> contents, Map<ContentHash, ImageFile> first) {
    Components<String> groups = new Components<>();
    Map<ImageFile, FileHints> hints = new HashMap<>();
    for (ImageFile file : folder.files()) {
      ContentHash hash = contents.get(file.path());
      ImageFile image = hash == null ? file : first.get(hash);
      hints.merge(image, file.hints(), (one, other) -> joined(one, other, groups));
    }
    hints.replaceAll(
        (image, hint) ->
            hint.group().map(group -> hint.withGroup(groups.find(group))).orElse(hint));
    return hints;
  }

  private static FileHints joined(FileHints one, FileHints other, Components<String> groups) {
    if (one.group().isPresent() && other.group().isPresent()) {
      groups.join(one.group().get(), other.group().get());
    }
    Optional<Partition> partition =
        one.partition().isPresent() && other.partition().isPresent()
            ? Optional.of(Partition.earliest(one.partition().get(), other.partition().get()))
            : one.partition().or(other::partition);
    return new FileHints(one.group().or(other::group), partition, one.weight());
  }

  /** Number of images with more than one class. */
  public long withSeveralLabels() {
    return files.files().stream().filter(file -> labels.of(file).size() > 1).count();
  }
}
