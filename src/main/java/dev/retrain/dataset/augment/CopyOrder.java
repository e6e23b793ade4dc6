package dev.retrain.dataset.augment;

import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.split.NohashCopies;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An endless sequence of the missing copies of a class's images: the first copy of each image, the
 * second copy of each, and so on, without those that exist.
 */
final class CopyOrder {
  /**
   * A copy.
   *
   * @param source the original image
   * @param number the copy's number, from 1
   */
  record Copy(LabeledImage source, int number) {
    /** The copy's {@code class/file}. */
    String name() {
      return NohashCopies.name(source.name(), number);
    }

    /** The copy's file, in the directory of its source. */
    Path path() {
      return source
          .path()
          .resolveSibling(NohashCopies.name(source.path().getFileName().toString(), number));
    }
  }

  private final Set<String> present;
  private final Deque<Copy> upcoming = new ArrayDeque<>();

  /**
   * @param sources the images, in order
   * @param present {@code class/file} of all existing files
   */
  CopyOrder(List<LabeledImage> sources, Set<String> present) {
    this.present = present;
    sources.forEach(source -> upcoming.add(new Copy(source, 1)));
  }

  /** The next copy; empty if no source is left. */
  Optional<Copy> next() {
    while (!upcoming.isEmpty()) {
      Copy copy = upcoming.poll();
      upcoming.add(new Copy(copy.source(), copy.number() + 1));
      if (!present.contains(copy.name())) {
        return Optional.of(copy);
      }
    }
    return Optional.empty();
  }

  /**
   * Removes a source.
   *
   * @return whether it was still in use
   */
  boolean drop(LabeledImage source) {
    return upcoming.removeIf(copy -> copy.source().equals(source));
  }
}
