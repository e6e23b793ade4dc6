package dev.retrain.bottleneck.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.cache.file.VectorReader;
import dev.retrain.dataset.ContentHash;
import dev.retrain.image.Preprocessing;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.GraphDef;

/** Fixture: a cache directory, and a cache with vectors of two backbones. */
abstract class CacheFixture {
  static final int LENGTH = 3;
  static final Backbone BACKBONE = backbone("pool:0");
  static final ContentHash CAT = ContentHash.of(new byte[] {1});
  static final ContentHash DOG = ContentHash.of(new byte[] {2});

  @TempDir Path directory;

  static Backbone backbone(String bottleneck) {
    return new Backbone(
        "tiny",
        GraphDef.getDefaultInstance(),
        "00",
        "images:0",
        List.of(bottleneck),
        new Preprocessing(8, 8, 0, 1));
  }

  static float[] read(BottleneckCache cache, BackboneRow backbone, ContentHash hash) {
    float[] vector = new float[LENGTH];
    try (VectorReader reader = cache.reader(backbone)) {
      assertThat(reader.read(hash, vector, 0)).isTrue();
    }
    return vector;
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  Path vectorFile(long backbone) {
    return directory.resolve("vectors-%d-0.bin".formatted(backbone));
  }

  Path database() {
    return directory.resolve(BottleneckCache.FILE);
  }

  /**
   * Creates a cache with one vector of {@link #BACKBONE}, and 40 of another backbone, which fill
   * several pages: the vector of {@code hash(i)} has 4096 times the number i + 1.
   */
  void fill() throws IOException {
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      BackboneRow row = cache.findOrInsert(BACKBONE.identity(), LENGTH);
      cache.putVector(row, CAT, new float[] {1, 2, 3}, 0);
      BackboneRow other = cache.findOrInsert(backbone("other:0").identity(), 4096);
      for (int i = 0; i < 40; i++) {
        float[] values = new float[4096];
        Arrays.fill(values, i + 1);
        cache.putVector(other, ContentHash.of(new byte[] {9, (byte) i}), values, 0);
      }
      cache.commit();
    }
  }

  /** Reads the vectors of the other backbone; returns for each whether it is undamaged. */
  List<Boolean> readLargeVectors() throws IOException {
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      cache.entries();
      cache.imagesBelow(Path.of("/p"));
      BackboneRow row = cache.findOrInsert(backbone("other:0").identity(), 4096);
      float[] vector = new float[4096];
      List<Boolean> whole = new ArrayList<>();
      try (VectorReader reader = cache.reader(row)) {
        for (int i = 0; i < 40; i++) {
          whole.add(reader.read(ContentHash.of(new byte[] {9, (byte) i}), vector, 0));
          if (whole.get(i)) {
            assertThat(vector).containsOnly(i + 1);
          }
        }
      }
      return whole;
    }
  }

  static ContentHash hash(int i) {
    return ContentHash.of(new byte[] {9, (byte) i});
  }
}
