package dev.retrain.dataset;

import java.nio.file.Path;

/**
 * A file in a class folder or a list, which may or may not be an image; or the file of an image's
 * vector.
 *
 * @param path the file
 * @param name {@code class/file} of the image, with {@code /} on every system; the split hashes it,
 *     so that the split does not depend on the location of the directory
 * @param label index of its class in {@link ImageFolder#labels}
 * @param hints what a list says of the file besides its class
 */
public record ImageFile(Path path, String name, int label, FileHints hints) {
  /** A file of which nothing more is known. */
  public ImageFile(Path path, String name, int label) {
    this(path, name, label, FileHints.NONE);
  }

  /** The same file with another label. */
  public ImageFile withLabel(int other) {
    return new ImageFile(path, name, other, hints);
  }

  /** The same file with other hints. */
  public ImageFile withHints(FileHints other) {
    return new ImageFile(path, name, label, other);
  }

  /** The image's file name. */
  public Path fileName() {
    Path file = path.getFileName();
    String last = name.substring(name.lastIndexOf('/') + 1);
    // Path.of fails for a name that the locale's encoding does not support.
    return file.toString().equals(last) ? file : Path.of(last);
  }
}
