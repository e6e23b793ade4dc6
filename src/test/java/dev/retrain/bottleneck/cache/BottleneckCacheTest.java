package dev.retrain.bottleneck.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.cache.BottleneckCache.Entry;
import dev.retrain.bottleneck.cache.BottleneckCache.Filed;
import dev.retrain.bottleneck.cache.BottleneckCache.Known;
import dev.retrain.bottleneck.cache.BottleneckCache.Pruned;
import dev.retrain.dataset.ContentHash;
import dev.retrain.image.Preprocessing;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
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
        "images:0",
        List.of(bottleneck),
        new Preprocessing(8, 8, 0, 1));
  }

  private static float[] read(BottleneckCache cache, Filed backbone, ContentHash hash) {
    float[] vector = new float[LENGTH];
    try (VectorReader reader = cache.reader(backbone)) {
      assertThat(reader.read(hash, vector, 0)).isTrue();
    }
    return vector;
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Path vectors(long backbone) {
    return directory.resolve("vectors-%d-0.bin".formatted(backbone));
  }

  private Path database() {
    return directory.resolve(BottleneckCache.FILE);
  }

  /** A cache of one vector and enough others to fill several pages. */
  private void fill() throws IOException {
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      Filed id = cache.file(BACKBONE.identity(), LENGTH);
      cache.putVector(id, CAT, new float[] {1, 2, 3}, 0);
      Filed other = cache.file(backbone("other:0").identity(), 4096);
      for (int i = 0; i < 40; i++) {
        float[] values = new float[4096];
        Arrays.fill(values, i + 1);
        cache.putVector(other, ContentHash.of(new byte[] {9, (byte) i}), values, 0);
      }
      cache.commit();
    }
  }

  @Test
  void aVectorIsReadAsItWasPut() throws IOException {
    float[] values = {7, -0.0f, Float.MIN_VALUE, 3.4e38f, 9};
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      Filed id = cache.file(BACKBONE.identity(), LENGTH);
      cache.putVector(id, CAT, values, 1);
      cache.commit();
    }
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      Filed id = cache.file(BACKBONE.identity(), LENGTH);
      float[] target = {0, 0, 0, 0, 5};
      try (VectorReader reader = cache.reader(id)) {
        assertThat(reader.read(CAT, target, 1)).isTrue();
      }
      assertThat(target).containsExactly(0, -0.0f, Float.MIN_VALUE, 3.4e38f, 5);
      assertThat(cache.records(id).keySet()).containsExactly(CAT);
    }
  }

  @Test
  void theDatabaseSaysInWhichRecordOfItsFileAVectorIs() throws Exception {
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      Filed id = cache.file(BACKBONE.identity(), LENGTH);
      cache.putVector(id, DOG, new float[] {0, 0, 0}, 0);
      cache.putVector(id, CAT, new float[] {1, -2, 0.5f}, 0);
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
      byte[] file = Files.readAllBytes(vectors(row.getLong(5)));
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
  void whatWasNotCommittedIsGone() throws IOException {
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      Filed id = cache.file(BACKBONE.identity(), LENGTH);
      cache.putVector(id, CAT, new float[LENGTH], 0);
      cache.commit();
      cache.putVector(id, DOG, new float[LENGTH], 0);
    }
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      assertThat(cache.records(cache.file(BACKBONE.identity(), LENGTH)).keySet())
          .containsExactly(CAT);
    }
  }

  @Test
  void eachBackboneHasItsOwnVectors() throws IOException {
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      Filed one = cache.file(BACKBONE.identity(), LENGTH);
      Filed other = cache.file(backbone("relu:0").identity(), LENGTH);
      cache.putVector(one, CAT, new float[] {1, 1, 1}, 0);
      cache.putVector(other, CAT, new float[] {2, 2, 2}, 0);
      cache.putVector(other, DOG, new float[] {3, 3, 3}, 0);
      cache.commit();
      assertThat(read(cache, one, CAT)).containsOnly(1);
      assertThat(read(cache, other, CAT)).containsOnly(2);
      assertThat(cache.records(one).keySet()).containsExactly(CAT);
      assertThat(cache.file(BACKBONE.identity(), LENGTH)).isEqualTo(one);
    }
  }

  @Test
  void imagesAreKnownByDirectory() throws IOException {
    Known known = new Known(new FileStamp(12, 1_700_000_000_123_456_789L), CAT);
    // Names that sort, or match as patterns, between the two directories' own.
    List<Path> inside = List.of(Path.of("/p/a_b/1.jpg"), Path.of("/p/a_b/deep/\uD83D\uDE00é.jpg"));
    List<Path> outside = List.of(Path.of("/p/a_bc/1.jpg"), Path.of("/p/aXb/1.jpg"));
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      inside.forEach(path -> cache.putImage(path, known));
      outside.forEach(path -> cache.putImage(path, known));
      cache.commit();
      assertThat(cache.imagesBelow(Path.of("/p/x/../a_b")))
          .containsOnlyKeys(inside.stream().map(BottleneckCache::key).toList())
          .containsValue(known);
      assertThat(cache.images()).isEqualTo(4);
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
    assertThatThrownBy(cache::images).isInstanceOf(RetrainException.class);
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
  @ValueSource(longs = {100, 4_096, 5_000, 8_192, -4_096})
  void aDatabaseCutShortIsAFailure(long bytes) throws IOException {
    fill();
    long size = Files.size(database());
    assertThat(size).isGreaterThan(5 * 4_096L);
    try (FileChannel channel = FileChannel.open(database(), StandardOpenOption.WRITE)) {
      channel.truncate(bytes < 0 ? size + bytes : bytes);
    }
    assertThatThrownBy(this::readEverything)
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(database().toString())
        .hasMessageContaining("damaged")
        .hasMessageContaining("remove it");
  }

  private List<Boolean> readEverything() throws IOException {
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      cache.entries();
      cache.imagesBelow(Path.of("/p"));
      Filed id = cache.file(backbone("other:0").identity(), 4096);
      float[] vector = new float[4096];
      List<Boolean> whole = new ArrayList<>();
      try (VectorReader reader = cache.reader(id)) {
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

  @Test
  void everythingIsReadAsItWasPut() throws IOException {
    fill();
    assertThat(readEverything()).containsOnly(true);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 35, 16_420, 100_000, -1})
  void aVectorFileCutShortLosesWhatIsCutAndNothingElse(long bytes) throws IOException {
    fill();
    Path file = vectors(2);
    long size = Files.size(file);
    assertThat(size).isEqualTo(40 * 16_420L);
    long left = bytes < 0 ? size + bytes : bytes;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(left);
    }
    List<Boolean> whole = readEverything();
    assertThat(whole.stream().filter(read -> read).count()).isEqualTo(left / 16_420);
  }

  @Test
  void aMissingVectorFileHasNoVectors() throws IOException {
    fill();
    Files.delete(vectors(2));
    assertThat(readEverything()).hasSize(40).containsOnly(false);
  }

  @Test
  void noChangedByteIsTakenForAVector() throws IOException {
    fill();
    Path file = vectors(2);
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(3);
    for (int i = 0; i < 40; i++) {
      byte[] changed = whole.clone();
      int at = i * 16_420 + random.nextInt(16_420);
      changed[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, changed);
      List<Boolean> read = readEverything();
      assertThat(read.get(i)).isFalse();
      assertThat(read.stream().filter(one -> one).count()).isEqualTo(39);
    }
  }

  @Test
  void anotherImagesRecordIsNotTaken() throws Exception {
    fill();
    execute("UPDATE vector SET record = 6 WHERE record = 5 AND backbone = 2");
    List<Boolean> read = readEverything();
    assertThat(read.get(5)).isFalse();
    assertThat(read.get(6)).isTrue();
  }

  @Test
  void whatAnInterruptedWriterLeftIsWrittenOver() throws IOException {
    fill();
    byte[] torn = new byte[777];
    Arrays.fill(torn, (byte) 0x55);
    Files.write(vectors(2), torn, StandardOpenOption.APPEND);
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      Filed id = cache.file(backbone("other:0").identity(), 4096);
      cache.putVector(id, CAT, new float[4096], 0);
      cache.commit();
      try (VectorReader reader = cache.reader(id)) {
        assertThat(reader.record(CAT)).isEqualTo(40);
        assertThat(reader.read(CAT, new float[4096], 0)).isTrue();
      }
    }
    assertThat(readEverything()).containsOnly(true);
  }

  @Test
  void droppedVectorsArePutAnew() throws IOException {
    fill();
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      Filed id = cache.file(BACKBONE.identity(), LENGTH);
      cache.drop(id, List.of(CAT, DOG));
      assertThat(cache.records(id)).isEmpty();
      cache.putVector(id, CAT, new float[] {4, 5, 6}, 0);
      cache.commit();
      assertThat(read(cache, id, CAT)).containsExactly(4, 5, 6);
    }
  }

  @Test
  void anotherSchemaIsAFailureThatNamesBothVersions() throws Exception {
    fill();
    execute("PRAGMA user_version = 7");
    assertOpeningFails("schema 7, expected 2", "--bottleneck-dir");
  }

  @Test
  void namesOfImagesThatAreNotThereAreRemembered() throws IOException {
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      Filed id = cache.file(BACKBONE.identity(), LENGTH);
      for (String name : List.of("dog/봄 (1).jpg", "cat/a.jpg", "cat/a.jpg")) {
        cache.putImported(name);
        cache.putVector(id, ContentHash.ofName(name), new float[LENGTH], 0);
      }
      cache.putVector(id, CAT, new float[LENGTH], 0);
      cache.commit();
    }
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      assertThat(cache.imported()).containsExactly("cat/a.jpg", "dog/봄 (1).jpg");
      assertThat(cache.entries())
          .containsExactly(new Entry("tiny", BACKBONE.identity().text(), LENGTH, 3, 2));
    }
  }

  @Test
  void aNameStandsForContentNoImageHas() {
    // sha256sum of "retrain.py vector", a newline, and the name.
    assertThat(ContentHash.ofName("cat/a.jpg").hex())
        .isEqualTo("4274d2f7b33b33c6b748ceffb24f6d14cb58ce66b45055d950b329799a9dfa6b");
  }

  @Test
  void pruningCountsAndTakesOut() throws IOException {
    fill();
    Known known = new Known(new FileStamp(1, 2), CAT);
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      cache.putImage(Path.of("/p/a.jpg"), known);
      cache.putImage(Path.of("/p/b.jpg"), known);
      cache.putImported("cat/a.jpg");
      Filed id = cache.file(BACKBONE.identity(), LENGTH);
      cache.putVector(id, ContentHash.ofName("cat/a.jpg"), new float[LENGTH], 0);
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
      assertThat(cache.records(id).keySet())
          .containsExactlyInAnyOrder(CAT, ContentHash.ofName("cat/a.jpg"));
      assertThat(cache.prune(List.of("/p/b.jpg"), true, false)).isEqualTo(new Pruned(1, 2, 24, 1));
      assertThat(cache.entries()).isEmpty();
      assertThat(cache.imported()).isEmpty();
      // What is put afterwards is kept as ever.
      Filed again = cache.file(BACKBONE.identity(), LENGTH);
      cache.putVector(again, DOG, new float[] {1, 2, 3}, 0);
      cache.commit();
      assertThat(read(cache, again, DOG)).containsExactly(1, 2, 3);
    }
  }

  @Test
  void aVectorThatIsNotThereIsNotRead() throws IOException {
    fill();
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      Filed id = cache.file(BACKBONE.identity(), LENGTH);
      try (VectorReader reader = cache.reader(id)) {
        assertThat(reader.record(DOG)).isEqualTo(VectorReader.NONE);
        assertThat(reader.read(DOG, new float[LENGTH], 0)).isFalse();
      }
    }
  }

  @Test
  void aBackboneWhoseVectorsChangedTheirLengthIsAFailure() throws IOException {
    fill();
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      assertThatThrownBy(() -> cache.file(BACKBONE.identity(), LENGTH + 1))
          .isInstanceOf(RetrainException.class)
          .hasMessageContaining("tiny")
          .hasMessageContaining("3 floats")
          .hasMessageContaining("remove it");
    }
  }

  @Test
  void twoCachesOfOneDirectoryShareWhatIsCommitted() throws IOException {
    try (BottleneckCache one = new BottleneckCache(directory);
        BottleneckCache other = new BottleneckCache(directory)) {
      Filed id = one.file(BACKBONE.identity(), LENGTH);
      assertThat(one.records(id).keySet()).isEmpty();
      assertThat(other.file(BACKBONE.identity(), LENGTH)).isEqualTo(id);
      assertThat(other.records(id).keySet()).isEmpty();
      one.putVector(id, CAT, new float[] {1, 1, 1}, 0);
      one.commit();
      // The one the other has already is kept.
      other.putVector(id, CAT, new float[] {1, 1, 1}, 0);
      other.putVector(id, DOG, new float[] {2, 2, 2}, 0);
      other.commit();
      assertThat(one.records(id).keySet()).containsExactlyInAnyOrder(CAT, DOG);
      assertThat(read(one, id, DOG)).containsOnly(2);
      assertThat(read(other, id, CAT)).containsOnly(1);
    }
  }

  @Test
  void lookingUpABackboneDoesNotKeepALaterWriteOut() throws IOException {
    try (BottleneckCache one = new BottleneckCache(directory);
        BottleneckCache other = new BottleneckCache(directory)) {
      Filed id = one.file(BACKBONE.identity(), LENGTH);
      assertThat(other.file(BACKBONE.identity(), LENGTH)).isEqualTo(id);
      one.putVector(id, CAT, new float[] {1, 1, 1}, 0);
      one.commit();
      other.putVector(id, DOG, new float[] {2, 2, 2}, 0);
      other.commit();
      assertThat(one.records(id).keySet()).containsExactlyInAnyOrder(CAT, DOG);
    }
  }

  @Test
  void compactingGivesBackTheSpaceOfWhatWasTakenOut() throws IOException {
    fill();
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      Filed other = cache.file(backbone("other:0").identity(), 4096);
      List<ContentHash> kept = List.of(hash(3), hash(17), hash(39));
      List<ContentHash> gone = new ArrayList<>(cache.records(other).keySet());
      gone.removeAll(kept);
      cache.drop(other, gone);
      Files.write(vectors(77), new byte[10]);
      cache.compact();
      Filed after = cache.find(backbone("other:0").identity()).orElseThrow();
      assertThat(directory.resolve("vectors-2-1.bin")).hasSize(3 * 16_420);
      assertThat(vectors(2)).doesNotExist();
      assertThat(vectors(77)).doesNotExist();
      assertThat(vectors(1)).hasSize(48);
      float[] vector = new float[4096];
      try (VectorReader reader = cache.reader(after)) {
        assertThat(reader.read(hash(17), vector, 0)).isTrue();
        assertThat(vector).containsOnly(18);
        assertThat(reader.read(hash(39), vector, 0)).isTrue();
        assertThat(vector).containsOnly(40);
        assertThat(reader.read(hash(4), vector, 0)).isFalse();
      }
      // What is added goes to the new file.
      cache.putVector(after, CAT, vector, 0);
      cache.commit();
      assertThat(directory.resolve("vectors-2-1.bin")).hasSize(4 * 16_420);
      // And nothing is done where there is nothing to do.
      cache.compact();
      assertThat(cache.find(backbone("other:0").identity())).contains(after);
    }
  }

  private static ContentHash hash(int i) {
    return ContentHash.of(new byte[] {9, (byte) i});
  }

  @Test
  void vectorsOfAReplacedFileAreNotDropped() throws IOException {
    fill();
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      Filed before = cache.file(backbone("other:0").identity(), 4096);
      cache.drop(before, List.of(hash(0)));
      cache.compact();
      cache.drop(before, List.of(hash(1)));
      assertThat(cache.records(before)).containsKey(hash(1)).doesNotContainKey(hash(0));
    }
  }

  private void assertOpeningFails(String... said) {
    assertThatThrownBy(() -> new BottleneckCache(directory).close())
        .isInstanceOf(RetrainException.class)
        .message()
        .contains(database().toString())
        .contains(said);
  }
}
