package dev.retrain.job.finetune;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.dataset.archive.ImageArchive;
import dev.retrain.util.io.NameEncoding;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** The image files that vectors belong to. */
final class ImageFiles {
  private ImageFiles() {}

  /**
   * @param name the name of a vector
   */
  static Path find(String name) {
    return ImageArchive.locate(NameEncoding.find(Path.of(name)));
  }

  /** The files of all vectors, in their order. */
  static List<Path> of(Vectors vectors) {
    return IntStream.range(0, vectors.count()).mapToObj(i -> find(vectors.name(i))).toList();
  }
}
