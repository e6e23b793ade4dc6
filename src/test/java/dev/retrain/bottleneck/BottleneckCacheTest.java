package dev.retrain.bottleneck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.BottleneckCache.Entry;
import dev.retrain.bottleneck.BottleneckCache.Known;
import dev.retrain.bottleneck.BottleneckCache.Pruned;
import dev.retrain.bottleneck.BottleneckCache.Reader;
import dev.retrain.picture.Preprocessing;
import dev.retrain.work.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.GraphDef;

class BottleneckCacheTest {
  private static final int LENGTH = 3;
  private static final Backbone BACKBONE = backbone("pool:0");
  private static final ContentHash CAT = ContentHash.of(new byte[] {1});
  private static final ContentHash DOG = ContentHash.of(new byte[] {2});

  @TempDir private Path directory;

  private static Backbone backbone(String bottleneck) {
    return new Backbone(
        "tiny",
        GraphDef.getDefaultInstance(),
        "00",
        "pictures:0",
        List.of(bottleneck),
        new Preprocessing(8, 8, 0, 1));
  }

  private static float[] read(BottleneckCache cache, long backbone, ContentHash hash) {
    float[] vector = new float[LENGTH];
    try (Reader reader = cache.reader(backbone, LENGTH)) {
      reader.read(hash, vector, 0);
    }
    return vector;
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Path database() {
    return directory.resolve(BottleneckCache.FILE);
  }

  /** A cache of one vector and enough others to fill several pages. */
  private void fill() throws IOException {
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      long id = cache.backboneId(BACKBONE.identity(), LENGTH);
      cache.putVector(id, CAT, new float[] {1, 2, 3}, 0, LENGTH);
      long other = cache.backboneId(backbone("other:0").identity(), 4096);
      for (int i = 0; i < 40; i++) {
        float[] values = new float[4096];
        Arrays.fill(values, i + 1);
        cache.putVector(other, ContentHash.of(new byte[] {9, (byte) i}), values, 0, 4096);
      }
      cache.commit();
    }
  }

  @Test
  void aVectorIsReadAsItWasPut() throws IOException {
    float[] values = {7, -0.0f, Float.MIN_VALUE, 3.4e38f, 9};
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      long id = cache.backboneId(BACKBONE.identity(), LENGTH);
      cache.putVector(id, CAT, values, 1, LENGTH);
      cache.commit();
    }
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      long id = cache.backboneId(BACKBONE.identity(), LENGTH);
      float[] target = {0, 0, 0, 0, 5};
      try (Reader reader = cache.reader(id, LENGTH)) {
        reader.read(CAT, target, 1);
      }
      assertThat(target).containsExactly(0, -0.0f, Float.MIN_VALUE, 3.4e38f, 5);
      assertThat(cache.hashes(id)).containsExactly(CAT);
    }
  }

  @Test
  void vectorsAreLittleEndianFloatsForAnySqliteClient() throws Exception {
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      long id = cache.backboneId(BACKBONE.identity(), LENGTH);
      cache.putVector(id, CAT, new float[] {1, -2, 0.5f}, 0, LENGTH);
      cache.commit();
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT hex(float32_le), lower(hex(sha256)), identity FROM vector"
                    + " JOIN backbone ON backbone.id = vector.backbone")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("0000803F" + "000000C0" + "0000003F");
      assertThat(row.getString(2)).isEqualTo(CAT.hex());
      assertThat(row.getString(3)).isEqualTo(BACKBONE.identity().text());
      assertThat(row.next()).isFalse();
    }
  }

  @Test
  void whatWasNotCommittedIsGone() throws IOException {
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      long id = cache.backboneId(BACKBONE.identity(), LENGTH);
      cache.putVector(id, CAT, new float[LENGTH], 0, LENGTH);
      cache.commit();
      cache.putVector(id, DOG, new float[LENGTH], 0, LENGTH);
    }
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      assertThat(cache.hashes(cache.backboneId(BACKBONE.identity(), LENGTH))).containsExactly(CAT);
    }
  }

  @Test
  void eachBackboneHasItsOwnVectors() throws IOException {
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      long one = cache.backboneId(BACKBONE.identity(), LENGTH);
      long other = cache.backboneId(backbone("relu:0").identity(), LENGTH);
      cache.putVector(one, CAT, new float[] {1, 1, 1}, 0, LENGTH);
      cache.putVector(other, CAT, new float[] {2, 2, 2}, 0, LENGTH);
      cache.putVector(other, DOG, new float[] {3, 3, 3}, 0, LENGTH);
      cache.commit();
      assertThat(read(cache, one, CAT)).containsOnly(1);
      assertThat(read(cache, other, CAT)).containsOnly(2);
      assertThat(cache.hashes(one)).containsExactly(CAT);
      assertThat(cache.backboneId(BACKBONE.identity(), LENGTH)).isEqualTo(one);
    }
  }

  @Test
  void picturesAreKnownByDirectory() throws IOException {
    Known known = new Known(new FileStamp(12, 1_700_000_000_123_456_789L), CAT);
    // Names that sort, or match as patterns, between the two directories' own.
    List<Path> inside = List.of(Path.of("/p/a_b/1.jpg"), Path.of("/p/a_b/deep/\uD83D\uDE00é.jpg"));
    List<Path> outside = List.of(Path.of("/p/a_bc/1.jpg"), Path.of("/p/aXb/1.jpg"));
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      inside.forEach(path -> cache.putPicture(path, known));
      outside.forEach(path -> cache.putPicture(path, known));
      cache.commit();
      assertThat(cache.picturesBelow(Path.of("/p/x/../a_b")))
          .containsOnlyKeys(inside.stream().map(BottleneckCache::key).toList())
          .containsValue(known);
      assertThat(cache.pictures()).isEqualTo(4);
    }
  }

  @Test
  void entriesTellWhatThereIs() throws IOException {
    fill();
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      assertThat(cache.entries())
          .containsExactly(
              new Entry("tiny", BACKBONE.identity().text(), LENGTH, 1, 0),
              new Entry("tiny", backbone("other:0").identity().text(), 4096, 40, 0));
      assertThat(cache.entries().get(1).bytes()).isEqualTo(40 * 4096 * 4);
    }
  }

  @Test
  void aDirectoryHoldsACacheOnceOneWasOpened() throws IOException {
    Path deep = directory.resolve("tmp").resolve("bottleneck");
    assertThat(BottleneckCache.exists(deep)).isFalse();
    new BottleneckCache(deep).close();
    assertThat(BottleneckCache.exists(deep)).isTrue();
  }

  @Test
  void closingTwiceIsClosingOnce() throws IOException {
    BottleneckCache cache = new BottleneckCache(directory);
    cache.close();
    cache.close();
    assertThatThrownBy(cache::pictures).isInstanceOf(Failure.class);
  }

  @Test
  void aFileThatIsNoDatabaseIsAFailure() throws IOException {
    byte[] garbage = new byte[100_000];
    new Random(1).nextBytes(garbage);
    Files.write(database(), garbage);
    assertOpeningFails("remove it");
    assertThat(Files.readAllBytes(database())).isEqualTo(garbage);
  }

  @Test
  void aTextFileIsAFailure() throws IOException {
    Files.writeString(database(), "no database\n", StandardCharsets.UTF_8);
    assertOpeningFails("remove it");
  }

  @ParameterizedTest
  @ValueSource(longs = {100, 5_000, 65_536, 70_000, 131_072, 262_144, -65_536, -20_000})
  void aDatabaseCutShortIsAFailure(long bytes) throws IOException {
    fill();
    long size = Files.size(database());
    assertThat(size).isGreaterThan(6 * 65_536L);
    try (FileChannel channel = FileChannel.open(database(), StandardOpenOption.WRITE)) {
      channel.truncate(bytes < 0 ? size + bytes : bytes);
    }
    assertThatThrownBy(this::readEverything)
        .isInstanceOf(Failure.class)
        .hasMessageContaining(database().toString())
        .hasMessageContaining("damaged")
        .hasMessageContaining("remove it");
  }

  private void readEverything() throws IOException {
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      long id = cache.backboneId(backbone("other:0").identity(), 4096);
      assertThat(cache.hashes(id)).hasSize(40);
      float[] vector = new float[4096];
      try (Reader reader = cache.reader(id, 4096)) {
        for (int i = 0; i < 40; i++) {
          reader.read(ContentHash.of(new byte[] {9, (byte) i}), vector, 0);
          assertThat(vector).containsOnly(i + 1);
        }
      }
    }
  }

  @Test
  void anotherSchemaIsAFailureThatNamesBothVersions() throws Exception {
    fill();
    execute("PRAGMA user_version = 7");
    assertOpeningFails("schema 7, expected 2", "--bottleneck-dir");
  }

  @Test
  void aCacheOfTheFirstSchemaIsTakenOver() throws Exception {
    fill();
    execute("DROP TABLE imported");
    execute("PRAGMA user_version = 1");
    readEverything();
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      assertThat(cache.imported()).isEmpty();
    }
  }

  @Test
  void namesOfPicturesThatAreNotThereAreRemembered() throws IOException {
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      long id = cache.backboneId(BACKBONE.identity(), LENGTH);
      for (String name : List.of("dog/봄 (1).jpg", "cat/a.jpg", "cat/a.jpg")) {
        cache.putImported(name);
        cache.putVector(id, ContentHash.ofName(name), new float[LENGTH], 0, LENGTH);
      }
      cache.putVector(id, CAT, new float[LENGTH], 0, LENGTH);
      cache.commit();
    }
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      assertThat(cache.imported()).containsExactly("cat/a.jpg", "dog/봄 (1).jpg");
      assertThat(cache.entries())
          .containsExactly(new Entry("tiny", BACKBONE.identity().text(), LENGTH, 3, 2));
    }
  }

  @Test
  void aNameStandsForContentNoPictureHas() {
    // sha256sum of "retrain.py vector", a newline, and the name.
    assertThat(ContentHash.ofName("cat/a.jpg").hex())
        .isEqualTo("4274d2f7b33b33c6b748ceffb24f6d14cb58ce66b45055d950b329799a9dfa6b");
  }

  @Test
  void pruningCountsAndTakesOut() throws IOException {
    fill();
    Known known = new Known(new FileStamp(1, 2), CAT);
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      cache.putPicture(Path.of("/p/a.jpg"), known);
      cache.putPicture(Path.of("/p/b.jpg"), known);
      cache.putImported("cat/a.jpg");
      long id = cache.backboneId(BACKBONE.identity(), LENGTH);
      cache.putVector(id, ContentHash.ofName("cat/a.jpg"), new float[LENGTH], 0, LENGTH);
      cache.commit();
      List<String> gone = List.of("/p/a.jpg");
      Pruned expected = new Pruned(1, 40, 40 * 4096 * 4, 1);
      assertThat(cache.prune(gone, false, true)).isEqualTo(expected);
      assertThat(cache.paths()).containsExactly("/p/a.jpg", "/p/b.jpg");
      assertThat(cache.prune(gone, false, false)).isEqualTo(expected);
      long before = cache.size();
      cache.compact();
      assertThat(cache.size()).isLessThan(before - 40 * 4096 * 4 / 2);
      assertThat(cache.paths()).containsExactly("/p/b.jpg");
      assertThat(cache.hashes(id)).containsExactlyInAnyOrder(CAT, ContentHash.ofName("cat/a.jpg"));
      assertThat(cache.prune(List.of("/p/b.jpg"), true, false)).isEqualTo(new Pruned(1, 2, 24, 1));
      assertThat(cache.entries()).isEmpty();
      assertThat(cache.imported()).isEmpty();
      // What is put afterwards is kept as ever.
      long again = cache.backboneId(BACKBONE.identity(), LENGTH);
      cache.putVector(again, DOG, new float[] {1, 2, 3}, 0, LENGTH);
      cache.commit();
      assertThat(read(cache, again, DOG)).containsExactly(1, 2, 3);
    }
  }

  @Test
  void aVectorOfAnotherLengthIsAFailure() throws Exception {
    fill();
    execute("UPDATE vector SET float32_le = x'0000803F' WHERE length(float32_le) = 12");
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      long id = cache.backboneId(BACKBONE.identity(), LENGTH);
      assertThatThrownBy(() -> read(cache, id, CAT))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("damaged")
          .hasMessageContaining(CAT.hex())
          .hasMessageContaining("4 bytes long")
          .hasMessageContaining("remove");
    }
  }

  @Test
  void aVectorThatIsNotThereIsAFailure() throws IOException {
    fill();
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      long id = cache.backboneId(BACKBONE.identity(), LENGTH);
      assertThatThrownBy(() -> read(cache, id, DOG))
          .isInstanceOf(Failure.class)
          .hasMessageContaining(DOG.hex())
          .hasMessageContaining("missing");
    }
  }

  @Test
  void aBackboneWhoseVectorsChangedTheirLengthIsAFailure() throws IOException {
    fill();
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      assertThatThrownBy(() -> cache.backboneId(BACKBONE.identity(), LENGTH + 1))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("tiny")
          .hasMessageContaining("3 floats")
          .hasMessageContaining("remove it");
    }
  }

  @Test
  void twoCachesOfOneDirectoryShareWhatIsCommitted() throws IOException {
    try (BottleneckCache one = new BottleneckCache(directory);
        BottleneckCache other = new BottleneckCache(directory)) {
      long id = one.backboneId(BACKBONE.identity(), LENGTH);
      assertThat(one.hashes(id)).isEmpty();
      assertThat(other.backboneId(BACKBONE.identity(), LENGTH)).isEqualTo(id);
      assertThat(other.hashes(id)).isEmpty();
      one.putVector(id, CAT, new float[] {1, 1, 1}, 0, LENGTH);
      one.commit();
      // The one the other has already is kept.
      other.putVector(id, CAT, new float[] {1, 1, 1}, 0, LENGTH);
      other.putVector(id, DOG, new float[] {2, 2, 2}, 0, LENGTH);
      other.commit();
      assertThat(one.hashes(id)).containsExactlyInAnyOrder(CAT, DOG);
      assertThat(read(one, id, DOG)).containsOnly(2);
      assertThat(read(other, id, CAT)).containsOnly(1);
    }
  }

  @Test
  void lookingUpABackboneDoesNotKeepALaterWriteOut() throws IOException {
    try (BottleneckCache one = new BottleneckCache(directory);
        BottleneckCache other = new BottleneckCache(directory)) {
      long id = one.backboneId(BACKBONE.identity(), LENGTH);
      assertThat(other.backboneId(BACKBONE.identity(), LENGTH)).isEqualTo(id);
      one.putVector(id, CAT, new float[] {1, 1, 1}, 0, LENGTH);
      one.commit();
      other.putVector(id, DOG, new float[] {2, 2, 2}, 0, LENGTH);
      other.commit();
      assertThat(one.hashes(id)).containsExactlyInAnyOrder(CAT, DOG);
    }
  }

  private void assertOpeningFails(String... said) {
    assertThatThrownBy(() -> new BottleneckCache(directory).close())
        .isInstanceOf(Failure.class)
        .message()
        .contains(database().toString())
        .contains(said);
  }
}
