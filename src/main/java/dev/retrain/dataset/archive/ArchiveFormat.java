package dev.retrain.dataset.archive;

import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarUtils;

/** The kinds of archives that are read, detected from the content of a file. */
enum ArchiveFormat {
  ZIP,
  TAR,
  TAR_GZIP;

  private static final int TAR_BLOCK = 512;

  /** Kinds that are not read, by the first bytes of the file. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "Rar!\u001a\u0007", "a RAR archive",
          "7z\u00bc\u00af'\u001c", "a 7z archive",
          "\u00fd7zXZ\u0000", "compressed with xz",
          "BZh", "compressed with bzip2",
          "(\u00b5/\u00fd", "compressed with Zstandard");

  /**
   * The kind of a file; empty if it is no archive.
   *
   * @throws IOException if it can't be read
   */
  static Optional<ArchiveFormat> detect(Path file) throws IOException {
    byte[] head = head(file);
    if (startsWith(head, "PK\u0003\u0004")
        || startsWith(head, "PK\u0005\u0006")
        || startsWith(head, "PK\u0007\u0008")) {
      return Optional.of(ZIP);
    }
    if (startsWith(head, "\u001f\u008b")) {
      return Optional.of(TAR_GZIP);
    }
    return isTar(head) ? Optional.of(TAR) : Optional.empty();
  }

  /**
   * Refuses archives that can't be read.
   *
   * @throws RetrainException if the file is one; it says what to do
   * @throws IOException if the file can't be read
   */
  static void refuseOthers(Path file) throws IOException {
    byte[] head = head(file);
    OTHERS.forEach(
        (start, kind) -> {
          if (startsWith(head, start)) {
            throw new RetrainException(
                "%s is %s, which can't be read directly. Unpack it and use the directory, or pack"
                    + " the images as zip or tar.",
                file, kind);
          }
        });
  }

  /** Whether a block is the header of a tar archive's entry, or its end if it has no entries. */
  static boolean isTar(byte[] block) {
    try {
      return block.length == TAR_BLOCK && TarUtils.verifyCheckSum(block);
    } catch (IllegalArgumentException e) {
      // There is no number where the checksum should be.
      return false;
    }
  }

  private static byte[] head(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(TAR_BLOCK);
    }
  }

  private static boolean startsWith(byte[] head, String start) {
    byte[] bytes = start.getBytes(StandardCharsets.ISO_8859_1);
    return head.length >= bytes.length
        && Arrays.equals(head, 0, bytes.length, bytes, 0, bytes.length);
  }
}
