package dev.retrain.bottleneck.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.FileStamp;
import dev.retrain.bottleneck.cache.KnownFile;
import dev.retrain.dataset.ContentHash;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Images whose content changes while their size and modification time stay. */
class ChangedFilesTest extends ExtractionFixture {
  private static final FileTime FIXED = FileTime.fromMillis(1_000_000_000_000L);

  private Path a;
  private Path b;

  /** Images of equal size and time, all of them known to the cache. */
  @BeforeEach
  void extract() throws IOException {
    writeImages(3);
    List<Path> files = files();
    long size = files.stream().mapToLong(file -> file.toFile().length()).max().orElseThrow();
    for (Path file : files) {
      // Decoders ignore bytes after the end of an image.
      Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) size));
      Files.setLastModifiedTime(file, FIXED);
    }
    a = image("dots_000.jpg");
    b = image("waves_000.jpg");
    assertCounts(run(), 18, 0);
    trustStamps();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> walk = Files.walk(images)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Stores the current stamps, also of files that changed a moment ago. */
  private void trustStamps() throws IOException {
    try (BottleneckCache cache = new BottleneckCache(cacheDir)) {
      for (KnownFile known : cache.imagesBelow(images).values()) {
        for (Path file : files()) {
          if (ContentHash.of(Files.readAllBytes(file)).equals(known.hash())) {
            cache.putImage(file, new KnownFile(FileStamp.read(file), known.hash()));
          }
        }
      }
      cache.commit();
    }
  }

  private ExtractionResult runVerifying() throws IOException {
    return new ExtractionJob(images, cacheDir, backbone, false, true).run(Progress.NONE);
  }

  private static void copyKeepingTimes(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
  }

  /** How two files change places. */
  private enum Exchange {
    RENAME {
      @Override
      void run(Path a, Path b, Path spare) throws IOException {
        Files.move(a, spare);
        Files.move(b, a);
        Files.move(spare, b);
      }
    },
    /** {@code cp -p}, which writes into the existing file or creates another one. */
    COPY {
      @Override
      void run(Path a, Path b, Path spare) throws IOException {
        copyKeepingTimes(a, spare);
        copyKeepingTimes(b, a);
        copyKeepingTimes(spare, b);
        Files.delete(spare);
      }
    },
    /** {@code cat b > a; touch -d ... a}. */
    OVERWRITE {
      @Override
      void run(Path a, Path b, Path spare) throws IOException {
        byte[] content = Files.readAllBytes(a);
        Files.write(a, Files.readAllBytes(b));
        Files.write(b, content);
        Files.setLastModifiedTime(a, FIXED);
        Files.setLastModifiedTime(b, FIXED);
      }
    },
    /** What {@code rsync} and {@code git checkout} do. */
    REPLACE {
      @Override
      void run(Path a, Path b, Path spare) throws IOException {
        copyKeepingTimes(a, spare);
        Path other = spare.resolveSibling("other");
        copyKeepingTimes(b, other);
        Files.move(spare, b, StandardCopyOption.REPLACE_EXISTING);
        Files.move(other, a, StandardCopyOption.REPLACE_EXISTING);
      }
    },
    /** A link in the place of the file, as git-annex has it. */
    LINK {
      @Override
      void run(Path a, Path b, Path spare) throws IOException {
        Path other = spare.resolveSibling("other");
        Files.move(a, spare);
        Files.move(b, other);
        Files.createSymbolicLink(a, other);
        Files.createSymbolicLink(b, spare);
      }
    };

    abstract void run(Path a, Path b, Path spare) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void swappedFilesGetTheirOwnVectors(Exchange exchange) throws Exception {
    assumeTrue(FileStamp.read(a).inode().isPresent(), "the file system has no inodes");
    ContentHash hashOfA = ContentHash.of(Files.readAllBytes(a));
    ContentHash hashOfB = ContentHash.of(Files.readAllBytes(b));

    exchange.run(a, b, directory.resolve("spare"));
    assertThat(Files.getLastModifiedTime(a)).isEqualTo(FIXED);
    ExtractionResult result = run();

    assertCounts(result, 0, 18);
    assertThat(result.hashes()).containsEntry(a, hashOfB).containsEntry(b, hashOfA);
    assertVectorsAreCorrect(result, backbone, session);
  }

  @Test
  void unchangedFilesAreNotRead() throws Exception {
    // The stamp is kept while the content is replaced, which only a program with access to the
    // cache can do; a file that is read would therefore have another hash.
    ContentHash before = ContentHash.of(Files.readAllBytes(a));
    fakeEveryTime();

    assertThat(run().hashes()).containsEntry(a, before);
  }

  @Test
  void verifyContentFindsContentChangedWithEveryTimeFaked() throws Exception {
    fakeEveryTime();

    ExtractionResult result = runVerifying();

    assertCounts(result, 0, 18);
    assertThat(result.hashes()).containsEntry(a, ContentHash.of(Files.readAllBytes(b)));
    assertVectorsAreCorrect(result, backbone, session);
    assertVectorsAreCorrect(run(), backbone, session);
  }

  /** Copies b to a, and makes the cache believe that a is unchanged. */
  private void fakeEveryTime() throws IOException {
    ContentHash before = ContentHash.of(Files.readAllBytes(a));
    copyKeepingTimes(b, a);
    try (BottleneckCache cache = new BottleneckCache(cacheDir)) {
      cache.putImage(a, new KnownFile(FileStamp.read(a), before));
      cache.commit();
    }
  }

  @Test
  void cacheOfVersion2IsVerifiedOnce() throws Exception {
    byte[] vectors = Files.readAllBytes(cacheDir.resolve("vectors-1-0.bin"));
    downgrade();
    Exchange.OVERWRITE.run(a, b, directory.resolve("spare"));

    ExtractionResult result = run();

    assertCounts(result, 0, 18);
    assertVectorsAreCorrect(result, backbone, session);
    assertThat(cacheDir.resolve("vectors-1-0.bin")).hasBinaryContent(vectors);
    // Every row has a stamp again; those of files that changed a moment ago have no inode.
    try (BottleneckCache cache = new BottleneckCache(cacheDir)) {
      assertThat(cache.imagesBelow(images).values())
          .hasSize(18)
          .filteredOn(known -> known.stamp().inode().isPresent())
          .allSatisfy(known -> assertThat(result.hashes().values()).contains(known.hash()));
    }
    assertCounts(run(), 0, 18);
  }

  /** Makes the index one of version 2, as earlier versions wrote it. */
  private void downgrade() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + cacheDir.resolve(BottleneckCache.FILE));
        Statement statement = connection.createStatement()) {
      for (String sql :
          List.of(
              "ALTER TABLE backbone DROP COLUMN checksum",
              "ALTER TABLE picture DROP COLUMN checksum",
              "ALTER TABLE picture DROP COLUMN inode",
              "ALTER TABLE picture DROP COLUMN changed_ns",
              "PRAGMA user_version = 2")) {
        statement.execute(sql);
      }
    }
  }
}
