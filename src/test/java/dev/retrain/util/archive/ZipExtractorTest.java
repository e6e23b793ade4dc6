package dev.retrain.util.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZipExtractorTest {
  private static final int FILE = 0100644;
  private static final int LINK = 0120777;

  @TempDir private Path directory;

  private Path archive;
  private final Map<String, String> found = new LinkedHashMap<>();

  @BeforeEach
  void name() {
    archive = directory.resolve("net.zip");
  }

  private void build(int mode, String... names) throws IOException {
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive)) {
      for (String name : names) {
        ZipArchiveEntry entry = new ZipArchiveEntry(name);
        entry.setUnixMode(mode);
        zip.putArchiveEntry(entry);
        if (!entry.isDirectory()) {
          zip.write(("content of " + name).getBytes(StandardCharsets.UTF_8));
        }
        zip.closeArchiveEntry();
      }
    }
  }

  private void read() throws IOException {
    ZipExtractor.forEachFile(
        archive,
        (name, content) ->
            found.put(name, new String(content.readAllBytes(), StandardCharsets.UTF_8)));
  }

  @Test
  void filesAreReadInOrder() throws IOException {
    build(FILE, "net/", "./net/graph.pb", "net//variables/a");
    read();
    assertThat(found)
        .containsExactly(
            Map.entry("net/graph.pb", "content of ./net/graph.pb"),
            Map.entry("net/variables/a", "content of net//variables/a"));
  }

  @ParameterizedTest
  @CsvSource({
    "../graph.pb,         has '..' in its path",
    "net/../../graph.pb,  has '..' in its path",
    "/etc/graph.pb,       has an absolute path",
    "net/a\u001b[31m,     has control characters in its name",
    "net/a\\b,            has a backslash in its name",
  })
  void unsafeNamesAreRejectedBeforeAnyFileIsRead(String name, String message) throws IOException {
    build(FILE, "graph.pb", name);
    assertThatThrownBy(this::read)
        .isInstanceOf(RetrainException.class)
        .hasMessageStartingWith(archive + " can't be used: its entry ")
        .hasMessageContaining(message.replace("''", "'"))
        .hasMessageEndingWith("Download the archive from its publisher again.");
    assertThat(found).isEmpty();
  }

  @Test
  void linksAreRejected() throws IOException {
    build(LINK, "net/graph.pb");
    assertThatThrownBy(this::read)
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("its entry 'net/graph.pb' is a link or a device");
  }

  @Test
  void truncatedArchiveIsReported() throws IOException {
    build(FILE, "net/graph.pb", "net/other");
    byte[] all = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(all, all.length - 30));
    assertThatThrownBy(this::read)
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(archive + " is not a complete zip archive");
  }
}
