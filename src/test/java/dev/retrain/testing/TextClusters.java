package dev.retrain.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes vectors of three overlapping classes as retrain.py's text files. */
public final class TextClusters {
  /** Floats in a vector. */
  public static final int LENGTH = 6;

  private static final int CLASSES = 3;

  private TextClusters() {}

  /**
   * Writes them.
   *
   * @param directory where the class folders go
   * @param count how many files
   */
  public static void write(Path directory, int count) throws IOException {
    FixedVectors vectors = FixedVectors.clustered(7, count, LENGTH, CLASSES, 1);
    float[] vector = new float[LENGTH];
    for (int i = 0; i < count; i++) {
      vectors.copy(i, vector, 0);
      StringBuilder text = new StringBuilder();
      for (float value : vector) {
        text.append(text.isEmpty() ? "" : ",").append(value);
      }
      Path file = directory.resolve("class%d/image%d.jpg.txt".formatted(vectors.label(i), i));
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
  }
}
