package dev.retrain.util.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarExtractorTest {
  private static final byte[] GRAPH = "the graph".getBytes(US_ASCII);

  @TempDir Path directory;
  private Path archive;
  private Path target;

  @BeforeEach
  void choosePaths() {
    archive = directory.resolve("some-network.tgz");
    target = directory.resolve("out").resolve("graph.pb");
  }

  @FunctionalInterface
  private interface Entries {
    void putInto(TarArchiveOutputStream tar) throws IOException;
  }

  private void build(Entries entries) throws IOException {
    GzipParameters stored = new GzipParameters();
    stored.setCompressionLevel(Deflater.NO_COMPRESSION);
    try (OutputStream file = Files.newOutputStream(archive);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new GzipCompressorOutputStream(file, stored))) {
      entries.putInto(tar);
    }
  }

  private static void put(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static void put(TarArchiveOutputStream tar, String name, byte kind, String linkName)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, kind);
    entry.setLinkName(linkName);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private void assertRejected(String... contained) {
    assertThatThrownBy(() -> TarExtractor.extract(archive, "graph.pb", target))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(archive.toString())
        .satisfies(
            e ->
                assertThat(contained).allSatisfy(text -> assertThat(e).hasMessageContaining(text)));
    assertThat(target).doesNotExist();
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(archive));
  }

  @Test
  void entryIsFoundByFileName() throws IOException {
    build(
        tar -> {
          put(tar, "net/", TarConstants.LF_DIR, "");
          put(tar, "net/other_graph.pb", new byte[] {1});
          put(tar, "net/graph.pb.txt", new byte[] {2});
          put(tar, "net/graph.pb", GRAPH);
        });

    TarExtractor.extract(archive, "graph.pb", target);

    assertThat(target).hasBinaryContent(GRAPH);
    assertThat(target.getParent()).isDirectoryNotContaining(path -> !path.equals(target));
  }

  @Test
  void largeFileIsExtracted() throws IOException {
    byte[] large = new byte[3_000_001];
    new Random(1).nextBytes(large);
    build(tar -> put(tar, "./graph.pb", large));

    TarExtractor.extract(archive, "graph.pb", target);

    assertThat(target).hasBinaryContent(large);
  }

  @Test
  void archiveWithoutTheFileIsReported() throws IOException {
    build(
        tar -> {
          put(tar, "graph.pb/", TarConstants.LF_DIR, "");
          put(tar, "graph.pb/readme", GRAPH);
        });

    assertRejected("graph.pb");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.001, 0.3, 0.6, 0.99})
  void truncatedArchiveIsRejected(double kept) throws IOException {
    build(
        tar -> {
          put(tar, "graph.pb", GRAPH);
          put(tar, "more", new byte[50_000]);
        });
    byte[] whole = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(whole, (int) (kept * whole.length)));

    assertRejected();
  }

  @Test
  void archiveWithoutLastByteIsRejected() throws IOException {
    build(tar -> put(tar, "graph.pb", GRAPH));
    byte[] whole = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(whole, whole.length - 1));

    assertRejected();
  }

  @Test
  void corruptByteIsDetectedByChecksum() throws IOException {
    build(tar -> put(tar, "graph.pb", GRAPH));
    byte[] whole = Files.readAllBytes(archive);
    int place = new String(whole, ISO_8859_1).indexOf("the graph");
    assertThat(place).isPositive();
    whole[place] ^= 1;
    Files.write(archive, whole);

    assertRejected();
  }

  @Test
  void fileThatIsNotAnArchiveIsRejected() throws IOException {
    Files.writeString(archive, "<html>404 Not Found</html>");

    assertRejected();
  }

  @Test
  void missingArchiveIsReported() {
    assertThatThrownBy(() -> TarExtractor.extract(archive, "graph.pb", target))
        .hasMessageContaining(archive.toString());
    assertThat(directory).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../graph.pb", "net/../../graph.pb", "/etc/graph.pb", "..\\graph.pb", ".."})
  void entryOutsideOfTheArchiveIsRejected(String name) throws IOException {
    build(
        tar -> {
          put(tar, "graph.pb", GRAPH);
          put(tar, name, GRAPH);
        });

    assertRejected("'" + name + "'");
  }

  @ParameterizedTest
  @ValueSource(
      bytes = {
        TarConstants.LF_SYMLINK,
        TarConstants.LF_LINK,
        TarConstants.LF_CHR,
        TarConstants.LF_BLK,
        TarConstants.LF_FIFO
      })
  void entryThatIsNeitherFileNorDirectoryIsRejected(byte kind) throws IOException {
    build(
        tar -> {
          put(tar, "graph.pb", GRAPH);
          put(tar, "net/odd", kind, "/etc/passwd");
        });

    assertRejected("'net/odd'");
  }

  @Test
  void linkWithTheRequestedNameIsRejected() throws IOException {
    build(tar -> put(tar, "graph.pb", TarConstants.LF_SYMLINK, "/etc/passwd"));

    assertRejected("'graph.pb'");
  }

  @Test
  void rejectedArchiveKeepsExistingTarget() throws IOException {
    Files.createDirectories(target.getParent());
    Files.writeString(target, "earlier");
    build(
        tar -> {
          put(tar, "graph.pb", GRAPH);
          put(tar, "../out", GRAPH);
        });

    assertThatThrownBy(() -> TarExtractor.extract(archive, "graph.pb", target))
        .isInstanceOf(RetrainException.class);

    assertThat(target).hasContent("earlier");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"net/a\u001b[31mred", "a\nb", "a\tb", "a\u007f", "a\u0085b", "net/\rgraph.pb"})
  void nameWithControlCharactersIsRejected(String name) throws IOException {
    build(
        tar -> {
          put(tar, "graph.pb", GRAPH);
          put(tar, name, GRAPH);
        });

    assertThatThrownBy(() -> TarExtractor.extract(archive, "graph.pb", target))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("has control characters in its name")
        .satisfies(e -> assertThat(e.getMessage().codePoints()).noneMatch(Character::isISOControl));
    assertThat(target).doesNotExist();
  }

  @Test
  void longNamesAreAcceptedUpToTheLimitOfFileSystems() throws IOException {
    build(
        tar -> {
          tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
          put(tar, "a/".repeat(2044) + "graph.pb", GRAPH);
        });
    TarExtractor.extract(archive, "graph.pb", target);
    assertThat(target).hasBinaryContent(GRAPH);

    Files.delete(target);
    Files.delete(target.getParent());
    build(
        tar -> {
          tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
          put(tar, "graph.pb", GRAPH);
          put(tar, "a/".repeat(2044) + "longer.pb", GRAPH);
        });
    assertRejected("a name of 4,097 characters");
  }

  @Test
  void fileThatExistsTwiceIsRejected() throws IOException {
    build(
        tar -> {
          put(tar, "net/graph.pb", GRAPH);
          put(tar, "other/graph.pb", new byte[] {1});
        });

    assertRejected("2 files named graph.pb");
  }

  @Test
  void fileNamesAreCaseSensitive() throws IOException {
    build(
        tar -> {
          put(tar, "GRAPH.PB", new byte[] {1});
          put(tar, "Graph.pb", new byte[] {2});
          put(tar, "graph.pb", GRAPH);
        });

    TarExtractor.extract(archive, "graph.pb", target);

    assertThat(target).hasBinaryContent(GRAPH);
  }

  @Test
  void archiveThatExpandsTooMuchIsRejected() throws IOException {
    try (OutputStream file = Files.newOutputStream(archive);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new GzipCompressorOutputStream(file))) {
      put(tar, "graph.pb", GRAPH);
      put(tar, "zeros", new byte[(int) ExpansionLimit.ALWAYS_ALLOWED_BYTES]);
    }

    assertThat(archive).isRegularFile();
    assertRejected("expands to more than 67,108,864 bytes");
  }

  @Test
  void archiveOfTooManyEntriesIsRejected() throws IOException {
    try (OutputStream file = Files.newOutputStream(archive);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new GzipCompressorOutputStream(file))) {
      put(tar, "graph.pb", GRAPH);
      for (int i = 0; i < 100_000; i++) {
        put(tar, "f" + i, new byte[0]);
      }
    }

    assertRejected("more than 100,000 entries");
  }

  @Test
  void hugeEntryIsRejectedByItsHeader() throws IOException {
    // A header that promises 2 GiB, without the content.
    try (OutputStream file = Files.newOutputStream(archive);
        OutputStream gzip = new GzipCompressorOutputStream(file)) {
      TarArchiveEntry entry = new TarArchiveEntry("graph.pb");
      entry.setSize(2L << 30);
      byte[] header = new byte[512];
      entry.writeEntryHeader(header);
      gzip.write(header);
    }

    assertRejected("'graph.pb'", "larger than 1 GiB");
  }

  @Test
  void damagedHeaderChecksumIsRejected() throws IOException {
    try (OutputStream file = Files.newOutputStream(archive);
        OutputStream gzip = new GzipCompressorOutputStream(file)) {
      byte[] header = new byte[512];
      new TarArchiveEntry("graph.pb").writeEntryHeader(header);
      header[0] = 'x';
      gzip.write(header);
    }

    assertRejected();
  }
}
