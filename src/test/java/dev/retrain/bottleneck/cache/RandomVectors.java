package dev.retrain.bottleneck.cache;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.Vectors;
import dev.retrain.bottleneck.cache.file.FileVectors;
import dev.retrain.bottleneck.cache.file.VectorFile;
import dev.retrain.bottleneck.cache.file.VectorReader;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.image.Preprocessing;
import dev.retrain.testing.FixedVectors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.proto.GraphDef;

/**
 * Many random vectors, in a cache or in a vector file.
 *
 * <p>Owns the file it reads.
 */
public final class RandomVectors implements AutoCloseable {
  /** Distinct vectors, which are then repeated, since drawing is slower than writing. */
  private static final int DRAWN = 1000;

  private static final int PER_COMMIT = 5000;

  private final VectorReader reader;
  private final List<ContentHash> hashes;
  private final int classes;

  private RandomVectors(VectorReader reader, List<ContentHash> hashes, int classes) {
    this.reader = reader;
    this.hashes = hashes;
    this.classes = classes;
  }

  /** The backbone of these vectors, which can't be run. */
  public static Backbone backbone() {
    return new Backbone(
        "random",
        GraphDef.getDefaultInstance(),
        "0".repeat(64),
        "input:0",
        List.of("vector:0"),
        new Preprocessing(1, 1, 0, 1));
  }

  private static FixedVectors draw(int length, int classes) {
    return FixedVectors.clustered(1, DRAWN, length, classes, 8);
  }

  /**
   * Fills a cache with a vector for each file of a folder.
   *
   * @param directory the cache directory
   * @param folder files of different content
   * @param length floats in a vector
   */
  public static void fill(Path directory, ImageFolder folder, int length) throws IOException {
    FixedVectors drawn = draw(length, folder.labels().size());
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      BackboneRow row = cache.findOrInsert(backbone().identity(), length);
      int done = 0;
      for (ImageFile file : folder.files()) {
        KnownFile known = KnownFile.refresh(file.path(), null);
        cache.putImage(file.path(), known);
        cache.putVector(row, known.hash(), drawn.rows()[done % DRAWN], 0);
        done++;
        if (done % PER_COMMIT == 0) {
          cache.commit();
        }
      }
      cache.commit();
    }
  }

  /**
   * Writes a file of vectors.
   *
   * @param count number of vectors
   * @param length floats in a vector
   * @param classes number of classes, which alternate
   */
  public static void write(Path path, int count, int length, int classes) throws IOException {
    FixedVectors drawn = draw(length, classes);
    List<ContentHash> hashes = hashes(count);
    try (VectorFile file = VectorFile.write(path, length)) {
      for (int i = 0; i < count; i++) {
        file.put(i, hashes.get(i), drawn.rows()[i % DRAWN], 0);
      }
      file.force();
    }
  }

  private static List<ContentHash> hashes(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> ContentHash.ofName(Integer.toString(i)))
        .toList();
  }

  /** Opens a file that {@link #write} has written with the same arguments. */
  public static RandomVectors open(Path path, int count, int length, int classes)
      throws IOException {
    List<ContentHash> hashes = hashes(count);
    Map<ContentHash, Long> records = new HashMap<>();
    for (int i = 0; i < count; i++) {
      records.put(hashes.get(i), (long) i);
    }
    return new RandomVectors(
        new VectorReader(VectorFile.read(path, length), records), hashes, classes);
  }

  /** The vectors from an index up to, but excluding, another; read from the file. */
  public Vectors range(int from, int to) {
    List<String> names = new ArrayList<>();
    int[] labels = new int[to - from];
    for (int i = from; i < to; i++) {
      names.add("image-" + i);
      labels[i - from] = i % DRAWN % classes;
    }
    return new FileVectors(reader, hashes.subList(from, to), labels, names);
  }

  @Override
  public void close() {
    reader.close();
  }
}
