package dev.retrain.dataset;

import java.nio.file.Path;

/**
 * A file in a class folder, before it is known to be an image; or the file of an image's vector.
 *
 * @param path where it lies
 * @param name {@code class/file} of the image, with {@code /} on every system; what the split
 *     hashes, so that it does not depend on where the directory stands
 * @param label index of its class in {@link ImageFolder#labels}
 */
public record ImageFile(Path path, String name, int label) {
  /** The image's file name. */
  Path fileName() {
    Path file = path.getFileName();
    String last = name.substring(name.lastIndexOf('/') + 1);
    // The path's own where it can be: a name the locale can't spell makes no path.
    return file.toString().equals(last) ? file : Path.of(last);
  }
}
