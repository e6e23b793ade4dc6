package dev.retrain.dataset.augment;

import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.NohashCopies;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The copies of a class's images, endlessly, in the order they are made: the first of each image,
 * the second of each, and so on, without those that are there.
 */
final class CopyOrder {
  /**
   * A copy.
   *
   * @param source the image it is of
   * @param number from 1
   */
  record Copy(LabeledImage source, int number) {
    /** Its {@code class/file}. */
    String name() {
      return NohashCopies.name(source.name(), number);
    }

    /** Where it lies: beside its source. */
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
   * @param present {@code class/file} of all files that are there
   */
  CopyOrder(List<LabeledImage> sources, Set<String> present) {
    this.present = present;
    sources.forEach(source -> upcoming.add(new Copy(source, 1)));
  }

  /** The next copy; absent where no image is left. */
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
   * Makes no more copies of an image.
   *
   * @return whether it made some until now
   */
  boolean drop(LabeledImage source) {
    return upcoming.removeIf(copy -> copy.source().equals(source));
  }
}
