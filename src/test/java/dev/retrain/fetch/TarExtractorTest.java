package dev.retrain.fetch;

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
}
