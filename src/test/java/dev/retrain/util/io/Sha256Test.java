package dev.retrain.util.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The vectors are those of FIPS 180-2, appendix B. */
class Sha256Test {
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final String MILLION =
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

  @TempDir Path directory;

  @Test
  void bytesHaveThePublishedChecksums() {
    assertThat(Sha256.sha256("abc".getBytes(US_ASCII))).isEqualTo(ABC);
    assertThat(Sha256.sha256("a".repeat(1_000_000).getBytes(US_ASCII))).isEqualTo(MILLION);
    assertThat(Sha256.sha256(new byte[0]))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  @Test
  void largeFileHasThePublishedChecksum() throws IOException {
    Path file = Files.writeString(directory.resolve("million"), "a".repeat(1_000_000));

    assertThat(Sha256.sha256(file)).isEqualTo(MILLION);
  }

  @Test
  void everyDigestIsNew() {
    Sha256.sha256().update((byte) 'x');

    assertThat(HexFormat.of().formatHex(Sha256.sha256().digest("abc".getBytes(US_ASCII))))
        .isEqualTo(ABC);
  }

  @Test
  void missingFileIsReported() {
    assertThatThrownBy(() -> Sha256.sha256(directory.resolve("none")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("none");
  }
}
