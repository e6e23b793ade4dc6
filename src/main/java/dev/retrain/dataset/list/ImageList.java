package dev.retrain.dataset.list;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.ListOrigin;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Images with their classes: where they are listed, and which of them are used.
 *
 * @param location the directory or the manifest
 * @param groupBy a regular expression that finds a file's group in {@code class/file}: the group is
 *     what its first capturing group matches, or the whole match; absent by default
 * @param exclude a file of paths that are not used; absent by default
 * @param classes the classes that are used; empty, the default, for all
 * @param maxPerClass maximum number of images of a class, at least 1; absent by default
 */
public record ImageList(
    ImageLocation location,
    Optional<String> groupBy,
    Optional<Path> exclude,
    List<String> classes,
    Optional<Integer> maxPerClass) {
  public ImageList {
    classes = List.copyOf(classes);
    groupBy.ifPresent(GroupPattern::compile);
    if (maxPerClass.filter(count -> count < 1).isPresent()) {
      throw new InvalidSettingException(
          Setting.MAX_PER_CLASS, "must be at least 1, but is %d", maxPerClass.get());
    }
  }

  /** All images of a location. */
  public static ImageList all(ImageLocation location) {
    return new ImageList(location, Optional.empty(), Optional.empty(), List.of(), Optional.empty());
  }

  /** All images of a directory, which may have split folders. */
  public static ImageList of(Path directory) {
    return all(new ImageLocation.Directory(directory, true));
  }

  /** Whether all images are used, without groups. */
  public boolean isWhole() {
    return groupBy.isEmpty() && exclude.isEmpty() && classes.isEmpty() && maxPerClass.isEmpty();
  }

  /**
   * Lists the images for a training.
   *
   * @throws RetrainException if there are too few classes or files, or something is invalid
   * @throws IOException if a directory or file can't be read
   */
  public ImageFolder scan() throws IOException {
    ImageFolder folder = list();
    if (location instanceof ImageLocation.Directory directory && directory.splitFolders()) {
      SplitFolders.checkFilled(folder.origin().path());
    }
    folder.checkEnough();
    return folder;
  }

  /**
   * Lists any number of images.
   *
   * @throws RetrainException if something is invalid
   * @throws IOException if a directory or file can't be read
   */
  public ImageFolder list() throws IOException {
    return list(true);
  }

  /**
   * Lists the images without checking whether the files of a manifest exist.
   *
   * @throws RetrainException if something is invalid
   * @throws IOException if a directory or file can't be read
   */
  public ImageFolder listUnchecked() throws IOException {
    return list(false);
  }

  /**
   * A folder to which files were added that this list would have: they get their groups.
   *
   * @param folder listed files, and added ones without a group
   */
  public ImageFolder grouped(ImageFolder folder) {
    return groupBy.map(text -> GroupPattern.compile(text).completed(folder)).orElse(folder);
  }

  private ImageFolder list(boolean checkFiles) throws IOException {
    ImageFolder folder = location.list(checkFiles);
    if (isWhole()) {
      return folder;
    }
    List<String> facts = new ArrayList<>(folder.origin().facts());
    List<String> notices = new ArrayList<>(folder.notices());
    if (exclude.isPresent()) {
      folder = folder.withFiles(Exclusion.apply(folder, exclude.get(), facts, notices));
    }
    if (!classes.isEmpty()) {
      folder = ClassSelection.apply(folder, classes, facts);
    }
    if (groupBy.isPresent()) {
      List<ImageFile> grouped = GroupPattern.compile(groupBy.get()).apply(folder.files(), facts);
      folder = folder.withFiles(grouped);
    }
    if (maxPerClass.isPresent()) {
      folder = folder.withFiles(ClassSample.apply(folder, maxPerClass.get(), facts));
    }
    ListOrigin origin = folder.origin();
    return new ImageFolder(
        folder.directory(),
        folder.labels(),
        folder.files(),
        notices,
        new ListOrigin(origin.path(), origin.splitFolders(), facts));
  }
}
