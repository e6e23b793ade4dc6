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
 * Where published files are downloaded from: their publishers or a mirror.
 *
 * <p>A mirror is described by a Java properties file in UTF-8 with the keys {@code <file name>.url}
 * and {@code <file name>.sha256} (64 hexadecimal digits). The file is read at each call, so errors
 * in it are reported only by operations that need it.
 */
public final class DownloadSources {
  /** The environment variable with the path of a mirror's properties file. */
  public static final String VARIABLE = "RETRAIN_SOURCES";

  /** The publishers. */
  public static final DownloadSources PUBLISHERS = new DownloadSources(Optional.empty());

  private static final String URL = ".url";
  private static final String SHA256 = ".sha256";

  private final Optional<Path> file;

  private DownloadSources(Optional<Path> file) {
    this.file = file;
  }

  /**
   * @param file the properties file of a mirror
   */
  public DownloadSources(Path file) {
    this(Optional.of(file));
  }

  /** The mirror that {@value #VARIABLE} specifies, or the publishers if it is not set. */
  public static DownloadSources fromEnvironment() {
    String file = System.getenv(VARIABLE);
    return file == null || file.isBlank() ? PUBLISHERS : new DownloadSources(Path.of(file));
  }

  /**
   * A file with the mirror's address and checksum instead of the publisher's. If the mirror has a
   * different checksum, the length is unknown.
   *
   * @param file the publisher's file
   * @throws RetrainException if the mirror's properties file is invalid
   * @throws IOException if it can't be read
   */
  public RemoteFile resolve(RemoteFile file) throws IOException {
    Mirror mirror = read();
    URI uri = mirror.urls().getOrDefault(file.name(), file.uri());
    Optional<String> own = Optional.ofNullable(mirror.sha256s().get(file.name()));
    return own.isEmpty() || own.equals(file.sha256())
        ? file.at(uri)
        : new RemoteFile(file.name(), uri, OptionalLong.empty(), own);
  }

  /**
   * The expected checksum of a file, which may be an entry of an archive.
   *
   * @param name the file name
   * @param published the publisher's checksum, if known
   * @return the mirror's checksum if there is one, otherwise the publisher's
   * @throws RetrainException if the mirror's properties file is invalid
   * @throws IOException if it can't be read
   */
  public Optional<String> sha256(String name, Optional<String> published) throws IOException {
    return Optional.ofNullable(read().sha256s().get(name)).or(() -> published);
  }

  /** The content of a properties file, by file name. */
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
          "%s is set to %s, which is not a file. Set it to a properties file or unset it.",
          VARIABLE, file);
    }
    Properties lines = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      lines.load(reader);
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new RetrainException(
          e,
          "%s, to which %s is set, is not a properties file in UTF-8 (%s).",
          file,
          VARIABLE,
          e.getMessage());
    }
    return lines;
  }

  private void add(Mirror mirror, String key, String value) {
    try {
      if (key.endsWith(URL)) {
        mirror.urls().put(withoutSuffix(key, URL), RemoteFile.parseAddress(value));
      } else if (key.endsWith(SHA256)) {
        mirror.sha256s().put(withoutSuffix(key, SHA256), RemoteFile.checkedSha256(value));
      } else {
        throw new IllegalArgumentException("the key must end in %s or %s".formatted(URL, SHA256));
      }
    } catch (IllegalArgumentException e) {
      throw new RetrainException(
          e,
          "%s, to which %s is set, has an invalid entry '%s': %s.",
          file.orElseThrow(),
          VARIABLE,
          key,
          e.getMessage());
    }
  }

  private static String withoutSuffix(String key, String suffix) {
    return key.substring(0, key.length() - suffix.length());
  }
}
