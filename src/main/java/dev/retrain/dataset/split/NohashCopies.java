package dev.retrain.dataset.split;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Distinguishes copies from images: {@code X_nohash_Y} is a copy if the same folder contains an
 * image named exactly {@code X}, including the extension. It has the hash of its source.
 *
 * <p>Without such an image, {@code _nohash_} is retrain.py's mark for several photographs of one
 * object: independent images that are always in the same partition.
 */
public final class NohashCopies {
  /** The split ignores it and the rest of the name. */
  static final String MARK = "_nohash_";

  private final Set<String> names;

  /**
   * @param files all files, including unreadable ones, so that their copies are detected
   */
  public NohashCopies(List<ImageFile> files) {
    names = files.stream().map(ImageFile::name).collect(Collectors.toUnmodifiableSet());
  }

  /** The files of a folder that are copies of other images in it. */
  public static List<ImageFile> in(ImageFolder folder) {
    NohashCopies copies = new NohashCopies(folder.files());
    return folder.files().stream().filter(file -> copies.isCopy(file.name())).toList();
  }

  /**
   * @param name {@code class/file} of an image
   * @return whether it is a copy of another image
   */
  public boolean isCopy(String name) {
    return source(name).isPresent();
  }

  /**
   * @param name {@code class/file} of an image
   * @return {@code class/file} of the image that it is a copy of; empty if it is not a copy
   */
  public Optional<String> source(String name) {
    int file = name.lastIndexOf('/') + 1;
    for (int at = name.indexOf(MARK, file); at >= 0; at = name.indexOf(MARK, at + 1)) {
      if (names.contains(name.substring(0, at))) {
        return Optional.of(name.substring(0, at));
      }
    }
    return Optional.empty();
  }

  /**
   * @param source an image's file name
   * @param number the copy's number, from 1
   * @return the copy's file name
   */
  public static String name(String source, int number) {
    return source + MARK + number + ".png";
  }
}
