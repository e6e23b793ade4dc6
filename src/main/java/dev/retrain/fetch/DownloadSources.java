package dev.retrain.fetch;

import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;

/**
 * Where published files come from for this user: from their publishers, or from a mirror.
 *
 * <p>A mirror is a Java properties file in UTF-8 of lines {@code <file name>.url=<address>} and
 * {@code <file name>.sha256=<64 hexadecimal digits>}; it is read when asked, so that a mistake in
 * it is told by the command that needs it.
 */
public final class DownloadSources {
  /** The environment variable that names a mirror's properties file. */
  public static final String VARIABLE = "RETRAIN_SOURCES";

  /** The publishers themselves. */
  public static final DownloadSources PUBLISHERS = new DownloadSources(Optional.empty());

  private static final String URL = ".url";
  private static final String SHA256 = ".sha256";

  private final Optional<Path> file;

  private DownloadSources(Optional<Path> file) {
    this.file = file;
  }

  /**
   * A mirror.
   *
   * @param file its properties file
   */
  public DownloadSources(Path file) {
    this(Optional.of(file));
  }

  /** The mirror that {@value #VARIABLE} names, or the publishers where it is not set. */
  public static DownloadSources fromEnvironment() {
    String file = System.getenv(VARIABLE);
    return file == null || file.isBlank() ? PUBLISHERS : new DownloadSources(Path.of(file));
  }

  /**
   * A file as it is to be fetched: with the mirror's address and checksum in place of the
   * publisher's. A checksum of the mirror's own means another content, whose length is not known.
   *
   * @param file as its publisher has it
   * @throws RetrainException where the mirror's properties file can't be used
   * @throws IOException where it can't be read
   */
  public RemoteFile of(RemoteFile file) throws IOException {
    Mirror mirror = read();
    URI uri = mirror.urls().getOrDefault(file.name(), file.uri());
    Optional<String> own = Optional.ofNullable(mirror.sha256s().get(file.name()));
    return own.isEmpty() || own.equals(file.sha256())
        ? file.at(uri)
        : new RemoteFile(file.name(), uri, OptionalLong.empty(), own);
  }

  /**
   * The checksum to expect of a file, also of one inside an archive.
   *
   * @param name its file name
   * @param published the publisher's checksum, where one is known
   * @return the mirror's where it has one, the publisher's otherwise
   * @throws RetrainException where the mirror's properties file can't be used
   * @throws IOException where it can't be read
   */
  public Optional<String> sha256(String name, Optional<String> published) throws IOException {
    return Optional.ofNullable(read().sha256s().get(name)).or(() -> published);
  }

  /** What a mirror's file says, by file names. */
  private record Mirror(Map<String, URI> urls, Map<String, String> sha256s) {}

  private Mirror read() throws IOException {
    Mirror mirror = new Mirror(new HashMap<>(), new HashMap<>());
    if (file.isEmpty()) {
      return mirror;
    }
    Properties lines = lines(file.get());
    for (String key : lines.stringPropertyNames()) {
      add(mirror, key, lines.getProperty(key).strip());
    }
    return mirror;
  }

  private static Properties lines(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new RetrainException(
          "%s names %s, which is not a file; unset it, or name a properties file."
              .formatted(VARIABLE, file));
    }
    Properties lines = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      lines.load(reader);
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new RetrainException(
          "%s, which %s names, is not a properties file in UTF-8 (%s)."
              .formatted(file, VARIABLE, e.getMessage()),
          e);
    }
    return lines;
  }

  private void add(Mirror mirror, String key, String value) {
    try {
      if (key.endsWith(URL)) {
        mirror.urls().put(withoutEnd(key, URL), RemoteFile.address(value));
      } else if (key.endsWith(SHA256)) {
        mirror.sha256s().put(withoutEnd(key, SHA256), RemoteFile.checkedSha256(value));
      } else {
        throw new IllegalArgumentException("the key must end in %s or %s".formatted(URL, SHA256));
      }
    } catch (IllegalArgumentException e) {
      throw new RetrainException(
          "%s, which %s names, has a wrong entry '%s': %s."
              .formatted(file.orElseThrow(), VARIABLE, key, e.getMessage()),
          e);
    }
  }

  private static String withoutEnd(String key, String end) {
    return key.substring(0, key.length() - end.length());
  }
}
