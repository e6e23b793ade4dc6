package dev.retrain.bottleneck.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.bottleneck.cache.file.VectorReader;
import dev.retrain.dataset.ContentHash;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.NameEncoding;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class BottleneckCacheTest extends CacheFixture {
  @Test
  void vectorIsReadAsItWasWritten() throws IOException {
    float[] values = {7, -0.0f, Float.MIN_VALUE, 3.4e38f, 9};
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      BackboneRow row = cache.findOrInsert(BACKBONE.identity(), LENGTH);
      cache.putVector(row, CAT, values, 1);
      cache.commit();
    }
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      BackboneRow row = cache.findOrInsert(BACKBONE.identity(), LENGTH);
      float[] target = {0, 0, 0, 0, 5};
      try (VectorReader reader = cache.reader(row)) {
        assertThat(reader.read(CAT, target, 1)).isTrue();
      }
      assertThat(target).containsExactly(0, -0.0f, Float.MIN_VALUE, 3.4e38f, 5);
      assertThat(cache.records(row).keySet()).containsExactly(CAT);
    }
  }

  @Test
  void databaseStoresTheRecordOfAVector() throws Exception {
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      BackboneRow row = cache.findOrInsert(BACKBONE.identity(), LENGTH);
      cache.putVector(row, DOG, new float[] {0, 0, 0}, 0);
      cache.putVector(row, CAT, new float[] {1, -2, 0.5f}, 0);
      cache.commit();
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT lower(hex(sha256)), record, records, identity, backbone FROM vector"
                    + " JOIN backbone ON backbone.id = vector.backbone ORDER BY record DESC")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo(CAT.hex());
      assertThat(row.getInt(2)).isEqualTo(1);
      assertThat(row.getInt(3)).isEqualTo(2);
      assertThat(row.getString(4)).isEqualTo(BACKBONE.identity().text());
      byte[] file = Files.readAllBytes(vectorFile(row.getLong(5)));
      ByteBuffer record =
          ByteBuffer.wrap(file, file.length / 2, file.length / 2).order(ByteOrder.LITTLE_ENDIAN);
      byte[] hash = new byte[32];
      record.get(hash);
      assertThat(HexFormat.of().formatHex(hash)).isEqualTo(CAT.hex());
      assertThat(List.of(record.getFloat(), record.getFloat(), record.getFloat()))
          .containsExactly(1f, -2f, 0.5f);
      CRC32C crc = new CRC32C();
      crc.update(file, file.length / 2, file.length / 2 - 4);
      assertThat(record.getInt()).isEqualTo((int) crc.getValue());
      assertThat(record.hasRemaining()).isFalse();
    }
  }

  @Test
  void uncommittedVectorsAreLost() throws IOException {
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      BackboneRow row = cache.findOrInsert(BACKBONE.identity(), LENGTH);
      cache.putVector(row, CAT, new float[LENGTH], 0);
      cache.commit();
      cache.putVector(row, DOG, new float[LENGTH], 0);
    }
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      assertThat(cache.records(cache.findOrInsert(BACKBONE.identity(), LENGTH)).keySet())
          .containsExactly(CAT);
    }
  }

  @Test
  void backbonesHaveSeparateVectors() throws IOException {
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      BackboneRow one = cache.findOrInsert(BACKBONE.identity(), LENGTH);
      BackboneRow other = cache.findOrInsert(backbone("relu:0").identity(), LENGTH);
      cache.putVector(one, CAT, new float[] {1, 1, 1}, 0);
      cache.putVector(other, CAT, new float[] {2, 2, 2}, 0);
      cache.putVector(other, DOG, new float[] {3, 3, 3}, 0);
      cache.commit();
      assertThat(read(cache, one, CAT)).containsOnly(1);
      assertThat(read(cache, other, CAT)).containsOnly(2);
      assertThat(cache.records(one).keySet()).containsExactly(CAT);
      assertThat(cache.findOrInsert(BACKBONE.identity(), LENGTH)).isEqualTo(one);
    }
  }

  @Test
  void imagesBelowADirectoryAreFound() throws IOException {
    KnownFile known = new KnownFile(new FileStamp(12, 1_700_000_000_123_456_789L), CAT);
    // Names that sort between the names of the two directories, or match them as patterns.
    List<Path> inside = List.of(Path.of("/p/a_b/1.jpg"), Path.of("/p/a_b/deep/\uD83D\uDE00é.jpg"));
    List<Path> outside = List.of(Path.of("/p/a_bc/1.jpg"), Path.of("/p/aXb/1.jpg"));
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      inside.forEach(path -> cache.putImage(path, known));
      outside.forEach(path -> cache.putImage(path, known));
      cache.commit();
      assertThat(cache.imagesBelow(Path.of("/p/x/../a_b")))
          .containsOnlyKeys(inside.stream().map(KnownFile::key).toList())
          .containsValue(known);
      assertThat(cache.images()).isEqualTo(4);
    }
  }

  @Test
  void filesAreKnownWhoseNamesAreNotUtf8() throws IOException {
    Assumptions.assumeTrue(File.separatorChar == '/' && NameEncoding.isUnicode());
    KnownFile one = new KnownFile(new FileStamp(12, 1), CAT);
    KnownFile other = new KnownFile(new FileStamp(12, 1), DOG);
    Path first = Path.of(URI.create("file:///p/%FE.png"));
    Path second = Path.of(URI.create("file:///p/%FF.png"));
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      cache.putImage(first, one);
      cache.putImage(second, other);
      // A name that is the replacement character itself could be taken for another file's.
      cache.putImage(Path.of("/p/\uFFFD.png"), one);
      cache.commit();
      assertThat(cache.imagesBelow(Path.of("/p")))
          .isEqualTo(Map.of(KnownFile.key(first), one, KnownFile.key(second), other));
    }
  }

  @Test
  void entriesSummarizeTheBackbones() throws IOException {
    fill();
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      assertThat(cache.entries())
          .containsExactly(
              new CachedBackbone("tiny", BACKBONE.identity().text(), LENGTH, 1, 0),
              new CachedBackbone("tiny", backbone("other:0").identity().text(), 4096, 40, 0));
      assertThat(cache.entries().get(1).bytes()).isEqualTo(40 * 4096 * 4);
    }
  }

  @Test
  void openingCreatesACache() throws IOException {
    Path deep = directory.resolve("tmp").resolve("bottleneck");
    assertThat(BottleneckCache.exists(deep)).isFalse();
    new BottleneckCache(deep).close();
    assertThat(BottleneckCache.exists(deep)).isTrue();
  }

  @Test
  void secondCloseHasNoEffect() throws IOException {
    BottleneckCache cache = new BottleneckCache(directory);
    cache.close();
    cache.close();
    assertThatThrownBy(cache::images).isInstanceOf(RetrainException.class);
  }

  @Test
  void deletedVectorsCanBeWrittenAgain() throws IOException {
    fill();
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      BackboneRow row = cache.findOrInsert(BACKBONE.identity(), LENGTH);
      cache.deleteVectors(row, List.of(CAT, DOG));
      assertThat(cache.records(row)).isEmpty();
      cache.putVector(row, CAT, new float[] {4, 5, 6}, 0);
      cache.commit();
      assertThat(read(cache, row, CAT)).containsExactly(4, 5, 6);
    }
  }

  @Test
  void namesOfImportedVectorsAreStored() throws IOException {
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      BackboneRow row = cache.findOrInsert(BACKBONE.identity(), LENGTH);
      for (String name : List.of("dog/봄 (1).jpg", "cat/a.jpg", "cat/a.jpg")) {
        cache.putImported(name);
        cache.putVector(row, ContentHash.ofName(name), new float[LENGTH], 0);
      }
      cache.putVector(row, CAT, new float[LENGTH], 0);
      cache.commit();
    }
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      assertThat(cache.imported()).containsExactly("cat/a.jpg", "dog/봄 (1).jpg");
      assertThat(cache.entries())
          .containsExactly(new CachedBackbone("tiny", BACKBONE.identity().text(), LENGTH, 3, 2));
    }
  }

  @Test
  void hashOfANameDiffersFromEveryContent() {
    // sha256sum of "retrain.py vector", a newline, and the name.
    assertThat(ContentHash.ofName("cat/a.jpg").hex())
        .isEqualTo("4274d2f7b33b33c6b748ceffb24f6d14cb58ce66b45055d950b329799a9dfa6b");
  }

  @Test
  void missingVectorIsNotRead() throws IOException {
    fill();
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      BackboneRow row = cache.findOrInsert(BACKBONE.identity(), LENGTH);
      try (VectorReader reader = cache.reader(row)) {
        assertThat(reader.record(DOG)).isEqualTo(VectorReader.NONE);
        assertThat(reader.read(DOG, new float[LENGTH], 0)).isFalse();
      }
    }
  }

  @Test
  void otherVectorLengthIsReported() throws IOException {
    fill();
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      assertThatThrownBy(() -> cache.findOrInsert(BACKBONE.identity(), LENGTH + 1))
          .isInstanceOf(RetrainException.class)
          .hasMessageContaining("tiny")
          .hasMessageContaining("3 floats");
    }
  }

  @Test
  void twoCachesOfOneDirectoryShareVectors() throws IOException {
    try (BottleneckCache one = new BottleneckCache(directory);
        BottleneckCache other = new BottleneckCache(directory)) {
      BackboneRow row = one.findOrInsert(BACKBONE.identity(), LENGTH);
      assertThat(one.records(row).keySet()).isEmpty();
      assertThat(other.findOrInsert(BACKBONE.identity(), LENGTH)).isEqualTo(row);
      assertThat(other.records(row).keySet()).isEmpty();
      one.putVector(row, CAT, new float[] {1, 1, 1}, 0);
      one.commit();
      // The vector that exists already is kept.
      other.putVector(row, CAT, new float[] {1, 1, 1}, 0);
      other.putVector(row, DOG, new float[] {2, 2, 2}, 0);
      other.commit();
      assertThat(one.records(row).keySet()).containsExactlyInAnyOrder(CAT, DOG);
      assertThat(read(one, row, DOG)).containsOnly(2);
      assertThat(read(other, row, CAT)).containsOnly(1);
    }
  }

  @Test
  void lookupDoesNotBlockLaterWrites() throws IOException {
    try (BottleneckCache one = new BottleneckCache(directory);
        BottleneckCache other = new BottleneckCache(directory)) {
      BackboneRow row = one.findOrInsert(BACKBONE.identity(), LENGTH);
      assertThat(other.findOrInsert(BACKBONE.identity(), LENGTH)).isEqualTo(row);
      one.putVector(row, CAT, new float[] {1, 1, 1}, 0);
      one.commit();
      other.putVector(row, DOG, new float[] {2, 2, 2}, 0);
      other.commit();
      assertThat(one.records(row).keySet()).containsExactlyInAnyOrder(CAT, DOG);
    }
  }
}
