package dev.retrain.dataset;

import java.nio.file.Path;

/**
 * An image with its class and its partition.
 *
 * @param path the image file
 * @param name {@code class/file}, as {@link ImageFile#name}
 * @param label index of its class
 * @param partition what it is used for
 */
public record LabeledImage(Path path, String name, int label, Partition partition) {
  /** The same image in another partition. */
  public LabeledImage withPartition(Partition other) {
    return new LabeledImage(path, name, label, other);
  }
}
