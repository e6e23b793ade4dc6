package dev.retrain.dataset;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells copies from images: {@code X_nohash_Y} is a copy where an image named exactly {@code X},
 * extension and all, lies in the same folder. Then it hashes as its source does, and what is learnt
 * of one would be no news of the other.
 *
 * <p>Where no such image is, {@code _nohash_} is retrain.py's mark for several photographs of one
 * thing: images in their own right that only stay together.
 */
public final class NohashCopies {
  /** What follows it in a name does not count for the partition. */
  static final String MARK = "_nohash_";

  private final Set<String> names;

  /**
   * @param files every file there is, so that a copy is known also where its source can't be read
   */
  public NohashCopies(List<ImageFile> files) {
    names = files.stream().map(ImageFile::name).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * @param name {@code class/file} of an image
   * @return whether it is a copy of another
   */
  public boolean isCopy(String name) {
    int file = name.lastIndexOf('/') + 1;
    for (int at = name.indexOf(MARK, file); at >= 0; at = name.indexOf(MARK, at + 1)) {
      if (names.contains(name.substring(0, at))) {
        return true;
      }
    }
    return false;
  }

  /**
   * @param source an image's file name
   * @param number from 1
   * @return the file name of that copy of it
   */
  public static String name(String source, int number) {
    return source + MARK + number + ".png";
  }
}
