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
 * A file that somebody publishes.
 *
 * @param name its file name
 * @param uri where it is: an absolute {@code https:}, {@code http:} or {@code file:} address
 * @param bytes its length, at least 1; absent where it is not known
 * @param sha256 its SHA-256, 64 hexadecimal digits, kept in lower case; absent where none is known
 */
public record RemoteFile(String name, URI uri, OptionalLong bytes, Optional<String> sha256) {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteFile.class);
  private static final Set<String> SCHEMES = Set.of("https", "http", "file");

  /** Checks the parts. */
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
   * An address as somebody writes it.
   *
   * @param text an absolute {@code https:}, {@code http:} or {@code file:} address
   * @throws IllegalArgumentException where it is none; says so
   */
  public static URI address(String text) {
    try {
      return checkedUri(new URI(text));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(notAnAddress(text), e);
    }
  }

  private static URI checkedUri(URI uri) {
    String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    if (!SCHEMES.contains(scheme)
        || (scheme.equals("file") ? uri.getPath() == null : uri.getHost() == null)) {
      throw new IllegalArgumentException(notAnAddress(uri));
    }
    if (scheme.equals("file")) {
      try {
        Path unused = Path.of(uri);
      } catch (IllegalArgumentException | FileSystemNotFoundException e) {
        throw new IllegalArgumentException(notAnAddress(uri), e);
      }
    }
    return uri;
  }

  private static String notAnAddress(Object found) {
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
   * The same file somewhere else.
   *
   * @param other its address there
   * @throws IllegalArgumentException where that is not an address a file can be fetched from
   */
  public RemoteFile at(URI other) {
    return new RemoteFile(name, other, bytes, sha256);
  }

  /**
   * Checks that a file at hand is this one, by length and SHA-256 as far as they are known; the log
   * says so where the SHA-256 is not.
   *
   * @param copy the file at hand
   * @throws RetrainException where it is another
   * @throws IOException where it can't be read
   */
  public void verify(Path copy) throws IOException {
    verify(copy.toString(), Files.size(copy), Sha256.sha256(copy));
  }

  /**
   * {@link #verify(Path)} of a file whose measures are at hand.
   *
   * @param what how the failure calls it
   */
  void verify(String what, long foundBytes, String foundSha256) {
    if (sha256.isPresent()) {
      if (!sha256.get().equals(foundSha256)) {
        throw new RetrainException(
            "%s is not the published file: its SHA-256 is %s, expected %s."
                .formatted(what, foundSha256, sha256.get()));
      }
      return;
    }
    if (bytes.isPresent() && bytes.getAsLong() != foundBytes) {
      throw new RetrainException(
          "%s is not the published file: it has %,d bytes, expected %,d."
              .formatted(what, foundBytes, bytes.getAsLong()));
    }
    LOG.warn(
        "{} could not be checked: no checksum of it is known (its SHA-256 is {}).",
        what,
        foundSha256);
  }
}
