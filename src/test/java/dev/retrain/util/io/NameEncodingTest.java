package dev.retrain.util.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.bottleneck.cache.KnownFile;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File names whose bytes are not UTF-8, in a UTF-8 locale. */
class NameEncodingTest {
  @TempDir private Path directory;

  @BeforeEach
  void needsBytes() {
    Assumptions.assumeTrue(File.separatorChar == '/', "file names are bytes on Unix only");
    Assumptions.assumeTrue(NameEncoding.isUnicode(), "needs a UTF-8 locale");
  }

  /** Creates a file whose name is percent-encoded. */
  private Path write(String name) throws IOException {
    Path file = Path.of(URI.create(directory.toUri() + name));
    return Files.writeString(file, name);
  }

  @Test
  void textOfUndecodableNameIsLossy() throws IOException {
    assertThat(NameEncoding.isLossy(write("%FF.png"))).isTrue();
    assertThat(NameEncoding.isLossy(write("caf%C3%A9.png"))).isFalse();
    // U+FFFD itself is a valid name.
    assertThat(NameEncoding.isLossy(write("%EF%BF%BD.png"))).isFalse();
  }

  @Test
  void filesWithTheSameTextHaveDifferentKeysInTheCache() throws IOException {
    Path one = write("%FE.png");
    Path other = write("%FF.png");
    assertThat(one.toString()).isEqualTo(other.toString());
    assertThat(KnownFile.key(one)).isNotEqualTo(KnownFile.key(other));
    assertThat(NameEncoding.path(KnownFile.key(one))).isEqualTo(one);
    assertThat(NameEncoding.path(KnownFile.key(other))).isEqualTo(other);
  }

  @Test
  void otherFilesHaveTheirPathAsKey() throws IOException {
    Path file = write("caf%C3%A9%20%25.png");
    assertThat(KnownFile.key(file)).isEqualTo(file.toString());
    assertThat(NameEncoding.path(file.toString())).isEqualTo(file);
  }

  @Test
  void pathOfBytesIsThatFile() throws IOException {
    Path file = write("a%20%FF%25.png");
    byte[] name = (directory + "/a \377%.png").getBytes(StandardCharsets.ISO_8859_1);
    assertThat(NameEncoding.path(name)).isEqualTo(file);
    byte[] relative = "x/\377.png".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(NameEncoding.path(relative).isAbsolute()).isFalse();
    assertThat(NameEncoding.path(relative).toUri().getRawPath()).endsWith("/x/%FF.png");
  }

  @Test
  void typedNameIsFoundUnlessSeveralFilesHaveIt() throws IOException {
    Path file = write("%FF.png");
    Path typed = directory.resolve("\ufffd.png");
    assertThat(NameEncoding.find(typed)).isEqualTo(file);
    write("%FE.png");
    assertThat(NameEncoding.find(typed)).isEqualTo(typed);
  }
}
