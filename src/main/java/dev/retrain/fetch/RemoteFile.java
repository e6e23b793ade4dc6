package dev.retrain.fetch;

import dev.retrain.util.RetrainException;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A published file.
 *
 * @param name the file name
 * @param uri the address: an absolute {@code https:}, {@code http:} or {@code file:} URI
 * @param bytes the length in bytes, at least 1; absent if unknown
 * @param sha256 the SHA-256, 64 hexadecimal digits, stored in lower case; absent if unknown
 */
public record RemoteFile(String name, URI uri, OptionalLong bytes, Optional<String> sha256) {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteFile.class);
  private static final Set<String> SCHEMES = Set.of("https", "http", "file");

  public RemoteFile {
    if (name.isBlank() || name.matches(".*[/\\\\].*") || name.matches("\\.+")) {
      throw new IllegalArgumentException("'%s' is not a file name".formatted(name));
    }
    checkedUri(uri);
    if (bytes.isPresent() && bytes.getAsLong() < 1) {
      throw new IllegalArgumentException(
          "a file's length must be at least 1 byte, but is " + bytes.getAsLong());
    }
    sha256 = sha256.map(RemoteFile::checkedSha256);
  }

  /**
   * Parses an address.
   *
   * @param text an absolute {@code https:}, {@code http:} or {@code file:} URI
   * @throws IllegalArgumentException if it is not such a URI
   */
  public static URI parseAddress(String text) {
    try {
      return checkedUri(new URI(text));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(invalidAddress(text), e);
    }
  }

  private static URI checkedUri(URI uri) {
    String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    if (!SCHEMES.contains(scheme)
        || (scheme.equals("file") ? uri.getPath() == null : uri.getHost() == null)) {
      throw new IllegalArgumentException(invalidAddress(uri));
    }
    if (scheme.equals("file")) {
      try {
        Path unused = Path.of(uri);
      } catch (IllegalArgumentException | FileSystemNotFoundException e) {
        throw new IllegalArgumentException(invalidAddress(uri), e);
      }
    }
    return uri;
  }

  private static String invalidAddress(Object found) {
    return "'%s' is not an address such as https://host/file or file:///folder/file"
        .formatted(found);
  }

  static String checkedSha256(String sum) {
    if (!sum.matches("[0-9a-fA-F]{64}")) {
      throw new IllegalArgumentException(
          "'%s' is not a SHA-256 (64 hexadecimal digits)".formatted(sum));
    }
    return sum.toLowerCase(Locale.ROOT);
  }

  /**
   * The same file at another address.
   *
   * @param other an absolute {@code https:}, {@code http:} or {@code file:} URI
   * @throws IllegalArgumentException if it is not such a URI
   */
  public RemoteFile at(URI other) {
    return new RemoteFile(name, other, bytes, sha256);
  }

  /**
   * Verifies the SHA-256 of a local file, or its length and a logged warning if the SHA-256 is
   * unknown.
   *
   * @param copy the local file
   * @throws RetrainException if it is not this file
   * @throws IOException if it can't be read
   */
  public void verify(Path copy) throws IOException {
    verify(copy.toString(), Files.size(copy), Sha256.sha256(copy));
  }

  /** Whether the file itself is a web page. */
  boolean isHtmlPage() {
    return name.endsWith("html");
  }

  /**
   * {@link #verify(Path)} for a file of known length and SHA-256.
   *
   * @param subject the file in messages
   */
  void verify(String subject, long foundBytes, String foundSha256) {
    if (sha256.isPresent()) {
      if (!sha256.get().equals(foundSha256)) {
        throw new RetrainException(
            "%s is not the published file: its SHA-256 is %s, expected %s.",
            subject, foundSha256, sha256.get());
      }
      return;
    }
    if (bytes.isPresent() && bytes.getAsLong() != foundBytes) {
      throw new RetrainException(
          "%s is not the published file: it has %,d bytes, expected %,d.",
          subject, foundBytes, bytes.getAsLong());
    }
    LOG.warn(
        "{} can't be verified, because its published checksum is unknown (its SHA-256 is {}).",
        subject,
        foundSha256);
  }
}
