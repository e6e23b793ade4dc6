package dev.retrain.bottleneck.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.bottleneck.cache.file.VectorReader;
import dev.retrain.dataset.ContentHash;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Damages a cache at random places, and uses it as an extraction and a training do. The number of
 * rounds is {@code -Dretrain.cache-faults}, by default 250; none of 1,000 may yield a wrong vector
 * either.
 */
class CacheFaultsTest extends CacheFixture {
  private static final int ROUNDS = Integer.getInteger("retrain.cache-faults", 250);
  private static final int IMAGES = 60;

  // Identities, and therefore names of vector files, that differ by one bit.
  private static final List<String> BACKBONES = List.of("pool2:0", "pool3:0", "pool6:0");

  private final Map<String, byte[]> undamaged = new HashMap<>();
  private Path images;

  private static float[] vector(int backbone, int image) {
    float[] vector = new float[LENGTH];
    Arrays.fill(vector, 1000 * backbone + image + 0.5f);
    return vector;
  }

  private Path image(int i) {
    return images.resolve("c").resolve("image-%02d.jpg".formatted(i));
  }

  private static ContentHash contentHash(int i) {
    return ContentHash.of(content(i));
  }

  private static byte[] content(int i) {
    return ByteBuffer.allocate(4).putInt(i).array();
  }

  @BeforeEach
  void createCache() throws IOException {
    images = directory.resolve("images");
    Files.createDirectories(images.resolve("c"));
    for (int i = 0; i < IMAGES; i++) {
      Files.write(image(i), content(i));
    }
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      for (int i = 0; i < IMAGES; i++) {
        cache.putImage(image(i), new KnownFile(FileStamp.read(image(i)), contentHash(i)));
      }
      compute(cache);
      cache.putImported("c/imported.jpg");
      cache.commit();
      cache.compact();
    }
    for (Path file : files()) {
      undamaged.put(file.getFileName().toString(), Files.readAllBytes(file));
    }
    assertThat(undamaged).hasSize(4);
  }

  private List<Path> files() throws IOException {
    try (var list = Files.list(directory)) {
      return list.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Adds all vectors that the cache lacks; returns how many it had. */
  private static int compute(BottleneckCache cache) {
    int usable = 0;
    for (int b = 0; b < BACKBONES.size(); b++) {
      var identity = backbone(BACKBONES.get(b)).identity();
      var cached = cache.usableVectors(identity);
      BackboneRow row = cache.findOrInsert(identity, LENGTH);
      for (int i = 0; i < IMAGES; i++) {
        if (cached.contains(contentHash(i))) {
          usable++;
        } else {
          cache.putVector(row, contentHash(i), vector(b, i), 0);
        }
      }
      cache.commit();
    }
    return usable;
  }

  /** What a round ended with. */
  private enum Outcome {
    /** Everything is read as it was written. */
    HARMLESS,
    /** Vectors or files were not recognized; they are computed and read again. */
    RECOMPUTED,
    /** The index is damaged, which is reported. */
    REPORTED
  }

  /** Restores the files, damages one of them, and uses the cache. */
  private Outcome round(Random random) throws IOException {
    for (Path file : files()) {
      Files.delete(file);
    }
    List<String> names = undamaged.keySet().stream().sorted().toList();
    String damagedName = names.get(random.nextBoolean() ? 0 : 1 + random.nextInt(3));
    for (String name : names) {
      byte[] bytes = undamaged.get(name).clone();
      Files.write(
          directory.resolve(name), name.equals(damagedName) ? damage(bytes, random) : bytes);
    }
    try {
      return use();
    } catch (RetrainException e) {
      assertThat(e).hasMessageContaining(directory.toString());
      return Outcome.REPORTED;
    }
  }

  private static byte[] damage(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(10)) {
      case 0 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 1 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 512), (byte) 0);
      default -> bytes[at] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private Outcome use() throws IOException {
    try (BottleneckCache cache = new BottleneckCache(directory, false)) {
      boolean harmless = knownImages(cache) == IMAGES;
      harmless &= compute(cache) == BACKBONES.size() * IMAGES;
      int damaged = readAndDelete(cache);
      harmless &= damaged == 0;
      compute(cache);
      // After the vectors are computed again, all of them are there.
      assertThat(readAndDelete(cache)).isZero();
      cache.entries();
      cache.imported();
      return harmless ? Outcome.HARMLESS : Outcome.RECOMPUTED;
    }
  }

  /** Counts the files that are recognized; each must have its own hash. */
  private int knownImages(BottleneckCache cache) {
    Map<String, KnownFile> known = cache.imagesBelow(images);
    int recognized = 0;
    for (int i = 0; i < IMAGES; i++) {
      KnownFile file = known.get(KnownFile.key(image(i)));
      if (file != null && file.stamp().matches(image(i))) {
        assertThat(file.hash()).isEqualTo(contentHash(i));
        recognized++;
      }
    }
    return recognized;
  }

  /** Reads every vector: it is the right one, or it is reported, and then deleted. */
  private static int readAndDelete(BottleneckCache cache) {
    int damaged = 0;
    for (int b = 0; b < BACKBONES.size(); b++) {
      BackboneRow row = cache.find(backbone(BACKBONES.get(b)).identity()).orElseThrow();
      float[] vector = new float[LENGTH];
      try (VectorReader reader = cache.reader(row)) {
        for (int i = 0; i < IMAGES; i++) {
          if (reader.read(contentHash(i), vector, 0)) {
            assertThat(vector).containsExactly(vector(b, i));
          } else {
            damaged++;
            cache.deleteVectors(row, List.of(contentHash(i)));
          }
        }
      }
    }
    return damaged;
  }

  @Test
  void noDamageYieldsAWrongVector() throws IOException {
    Random random = new Random(14);
    Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    for (int round : IntStream.range(0, ROUNDS).toArray()) {
      try {
        outcomes.merge(round(random), 1, Integer::sum);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("round " + round, e);
      }
    }
    System.out.printf("Cache faults: %s; 0 wrong vectors.%n", outcomes);
    assertThat(outcomes).containsKey(Outcome.RECOMPUTED).containsKey(Outcome.REPORTED);
  }
}
