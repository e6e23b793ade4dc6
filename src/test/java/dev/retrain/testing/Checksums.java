package dev.retrain.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 checksums, of files and as {@code .mvn/checksums} records them. */
public final class Checksums {
  private static final Path RECORD = Path.of(".mvn", "checksums", "checksums.sha256");

  private Checksums() {}

  /** The SHA-256 of a file, in lower-case hexadecimal digits. */
  public static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        DigestInputStream digest =
            new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
      digest.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** The recorded SHA-256 of an artifact, found by the end of its path in a local repository. */
  public static String recorded(Path artifact) throws IOException {
    List<String> found =
        Files.readAllLines(RECORD).stream()
            .map(line -> line.split(" +", 2))
            .filter(line -> artifact.endsWith(line[1]))
            .map(line -> line[0])
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(
          "%d entries for %s in %s; CONTRIBUTING.md says how to record it"
              .formatted(found.size(), artifact, RECORD));
    }
    return found.get(0);
  }
}
