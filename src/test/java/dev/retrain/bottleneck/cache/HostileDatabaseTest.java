package dev.retrain.bottleneck.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.dataset.ContentHash;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Databases of others, and a cache that is deleted or replaced while it is in use. */
class HostileDatabaseTest extends CacheFixture {
  static Stream<Arguments> changes() {
    return Stream.of(
        Arguments.of(
            "the trigger 'steal'",
            "CREATE TRIGGER steal AFTER INSERT ON vector BEGIN" + " DELETE FROM picture; END"),
        Arguments.of(
            "the trigger 'steal'",
            "CREATE TRIGGER steal AFTER DELETE ON backbone BEGIN"
                + " SELECT load_extension('/tmp/evil.so'); END"),
        Arguments.of("the view 'faces'", "CREATE VIEW faces AS SELECT writefile('/tmp/x', 'y')"),
        Arguments.of(
            "the table 'picture'",
            "DROP TABLE picture;" + " CREATE TABLE picture (path TEXT, size INTEGER)"),
        Arguments.of(
            "the view 'picture'",
            "DROP TABLE picture; CREATE VIEW picture AS SELECT"
                + " 'x' AS path, 1 AS size, 1 AS modified_ns, NULL AS inode, NULL AS changed_ns,"
                + " zeroblob(32) AS sha256, 0 AS checksum"),
        Arguments.of("its tables are not those", "DROP TABLE imported"),
        Arguments.of(
            "the table 'vector'",
            "ALTER TABLE vector ADD COLUMN extra TEXT" + " GENERATED ALWAYS AS (hex(sha256))"),
        Arguments.of("the table 'backbone'", "ALTER TABLE backbone RENAME COLUMN name TO title"),
        Arguments.of("the index 'odd'", "CREATE INDEX odd ON picture (hex(sha256))"),
        Arguments.of("the table 'more'", "CREATE TABLE more (x)"),
        Arguments.of("the table 'fts'", "CREATE VIRTUAL TABLE fts USING fts5(x)"),
        Arguments.of("the table 'backbone'", "PRAGMA user_version = 2"),
        Arguments.of("the table 'backbone'", "PRAGMA user_version = 0"),
        Arguments.of("schema version 4", "PRAGMA user_version = 4"),
        Arguments.of("schema version -1", "PRAGMA user_version = -1"),
        Arguments.of("schema version 1", "PRAGMA user_version = 1"),
        Arguments.of(
            "is damaged",
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 99"
                + " WHERE name = 'vector'"),
        Arguments.of(
            "is damaged",
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE picture (('"
                + " WHERE name = 'picture'"));
  }

  private void script(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement statement = connection.createStatement()) {
      // This runs all statements.
      statement.executeUpdate(sql);
    }
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("changes")
  void foreignDatabaseIsRejectedAndNotChanged(String reason, String sql) throws Exception {
    fill();
    script(sql);
    byte[] before = Files.readAllBytes(database());

    assertThatThrownBy(this::readLargeVectors)
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll(database().toString(), reason)
        .hasMessageNotContaining("SQLITE");

    assertThat(database()).hasBinaryContent(before);
  }

  @Test
  void statisticsOfAnalyzeAreAccepted() throws Exception {
    fill();
    execute("ANALYZE");
    assertThat(readLargeVectors()).containsOnly(true);
  }

  @Test
  void databaseOfAnotherProgramIsNotTouched() throws Exception {
    execute("CREATE TABLE bookmarks (url TEXT)");
    byte[] before = Files.readAllBytes(database());
    assertThatThrownBy(() -> new BottleneckCache(directory))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll("is not a cache", "'bookmarks'");
    assertThat(database()).hasBinaryContent(before);
  }

  @Test
  void directoryInPlaceOfTheDatabaseIsReported() throws IOException {
    Files.createDirectory(database());
    assertThatThrownBy(() -> new BottleneckCache(directory))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll(database().toString(), "can't be opened");
  }

  @Test
  void indexDeletedWhileInUseIsReported() throws IOException {
    fill();
    assertCommitFails(database(), "was deleted or replaced while it was in use");
  }

  @Test
  void vectorFileDeletedWhileInUseIsReported() throws IOException {
    fill();
    assertCommitFails(vectorFile(1), "was deleted while it was in use");
  }

  private void assertCommitFails(Path deleted, String reason) throws IOException {
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      BackboneRow row = cache.findOrInsert(BACKBONE.identity(), LENGTH);
      cache.putVector(row, DOG, new float[LENGTH], 0);
      Files.delete(deleted);
      assertThatThrownBy(cache::commit)
          .isInstanceOf(RetrainException.class)
          .hasMessageContainingAll(deleted.toString(), reason, "Run again");
    }
    // The next run computes what is missing.
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      assertThat(cache.usableVectors(BACKBONE.identity())).isEmpty();
      BackboneRow row = cache.findOrInsert(BACKBONE.identity(), LENGTH);
      cache.putVector(row, DOG, new float[] {7, 8, 9}, 0);
      cache.commit();
      assertThat(read(cache, row, DOG)).containsExactly(7, 8, 9);
    }
  }

  @Test
  void pruningBesideAWriterLosesNoCommittedVector() throws IOException {
    fill();
    try (BottleneckCache writer = new BottleneckCache(directory);
        BottleneckCache pruning = new BottleneckCache(directory)) {
      BackboneRow row = writer.findOrInsert(BACKBONE.identity(), LENGTH);
      writer.putVector(row, DOG, new float[] {7, 8, 9}, 0);
      writer.putImage(Path.of("/p/dog.jpg"), new KnownFile(new FileStamp(1, 2), DOG));
      writer.commit();
      // CAT is unreferenced, so the file is rewritten under another name.
      CachePruning.prune(
          pruning.database(), List.of(), new CachePruning.Options(false, false, false));
      pruning.compact();
      ContentHash third = hash(50);
      writer.putVector(row, third, new float[] {1, 1, 1}, 0);
      writer.commit();

      BackboneRow current = writer.find(BACKBONE.identity()).orElseThrow();
      assertThat(current.generation()).isEqualTo(1);
      assertThat(writer.usableVectors(BACKBONE.identity())).containsExactlyInAnyOrder(DOG, third);
      assertThat(read(writer, current, DOG)).containsExactly(7, 8, 9);
      assertThat(read(writer, current, third)).containsExactly(1, 1, 1);
    }
  }
}
