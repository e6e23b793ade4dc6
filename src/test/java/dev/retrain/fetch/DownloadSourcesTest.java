package dev.retrain.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadSourcesTest {
  private static final String SUM = "0123456789abcdef".repeat(4);
  private static final String OTHER = "f".repeat(64);
  private static final RemoteFile FILE =
      new RemoteFile(
          "net.tgz",
          URI.create("https://publisher.example/net.tgz"),
          OptionalLong.of(7),
          Optional.of(SUM));

  @TempDir private Path directory;

  private DownloadSources mirror(String... lines) throws IOException {
    return new DownloadSources(
        Files.writeString(directory.resolve("mirror.properties"), String.join("\n", lines)));
  }

  @Test
  void publishersAreUsedWithoutMirror() throws IOException {
    assertThat(DownloadSources.PUBLISHERS.resolve(FILE)).isEqualTo(FILE);
    assertThat(DownloadSources.PUBLISHERS.sha256("net.pb", Optional.of(SUM))).contains(SUM);
  }

  @Test
  void testsDoNotDownloadFromPublishers() throws IOException {
    RemoteFile file =
        new RemoteFile(
            "cifar-10-binary.tar.gz", FILE.uri(), OptionalLong.empty(), Optional.empty());
    assertThat(DownloadSources.fromEnvironment().resolve(file).uri().getScheme()).isEqualTo("file");
  }

  @Test
  void mirrorAddressKeepsLengthAndChecksum() throws IOException {
    assertThat(mirror("# ours", "net.tgz.url = http://mirror.example/a/b").resolve(FILE))
        .isEqualTo(FILE.at(URI.create("http://mirror.example/a/b")));
    assertThat(mirror("net.tgz.sha256=" + SUM.toUpperCase(java.util.Locale.ROOT)).resolve(FILE))
        .isEqualTo(FILE);
  }

  @Test
  void mirrorChecksumMakesLengthUnknown() throws IOException {
    assertThat(mirror("net.tgz.sha256=" + OTHER, "other.tgz.url=file:///x").resolve(FILE))
        .isEqualTo(new RemoteFile("net.tgz", FILE.uri(), OptionalLong.empty(), Optional.of(OTHER)));
  }

  @Test
  void mirrorHasChecksumsOfArchiveEntries() throws IOException {
    DownloadSources mirror = mirror("net.pb.sha256=" + OTHER);
    assertThat(mirror.sha256("net.pb", Optional.of(SUM))).contains(OTHER);
    assertThat(mirror.sha256("net.pb", Optional.empty())).contains(OTHER);
    assertThat(mirror.sha256("other.pb", Optional.of(SUM))).contains(SUM);
    assertThat(mirror.sha256("other.pb", Optional.empty())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "net.tgz.url=",
        "net.tgz.url=mirror/net.tgz",
        "net.tgz.url=ftp://mirror.example/net.tgz",
        "net.tgz.url=http:///net.tgz",
        "net.tgz.url=https://mirror.example/a b",
        "net.tgz.sha256=",
        "net.tgz.sha256=0123",
        "net.tgz.md5=0123",
        "net.tgz"
      })
  void invalidEntryIsReported(String line) throws IOException {
    DownloadSources mirror = mirror(line);
    assertThatThrownBy(() -> mirror.resolve(FILE))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll(
            directory.resolve("mirror.properties").toString(),
            "RETRAIN_SOURCES",
            "'" + line.replaceFirst("=.*", "") + "'");
  }

  @Test
  void invalidPropertiesFileIsReported() throws IOException {
    Path none = directory.resolve("none");
    assertThatThrownBy(() -> new DownloadSources(none).resolve(FILE))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll(none.toString(), "RETRAIN_SOURCES");
    Path latin =
        Files.writeString(directory.resolve("latin"), "\u00e4", StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> new DownloadSources(latin).resolve(FILE))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll(latin.toString(), "UTF-8");
    assertThatThrownBy(() -> mirror("net.tgz.url=\\u00zz").resolve(FILE))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(directory.resolve("mirror.properties").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ".", "..", "a/b", "a\\b"})
  void nameOfRemoteFileHasNoDirectories(String name) {
    assertThatThrownBy(
            () -> new RemoteFile(name, FILE.uri(), OptionalLong.empty(), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + name + "'");
  }
}
