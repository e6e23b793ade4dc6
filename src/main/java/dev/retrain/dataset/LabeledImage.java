package dev.retrain.dataset;

import java.nio.file.Path;

/**
 * An image with its class and its partition.
 *
 * @param path the image file
 * @param name {@code class/file}, as {@link ImageFile#name}
 * @param label index of its class
 * @param partition what it is used for
 * @param hints what a list says of the file besides its class
 */
public record LabeledImage(
    Path path, String name, int label, Partition partition, FileHints hints) {
  /** An image of which nothing more is known. */
  public LabeledImage(Path path, String name, int label, Partition partition) {
    this(path, name, label, partition, FileHints.NONE);
  }

  /** A file with its partition. */
  public LabeledImage(ImageFile file, Partition partition) {
    this(file.path(), file.name(), file.label(), partition, file.hints());
  }

  /** The same image in another partition. */
  public LabeledImage withPartition(Partition other) {
    return new LabeledImage(path, name, label, other, hints);
  }
}
