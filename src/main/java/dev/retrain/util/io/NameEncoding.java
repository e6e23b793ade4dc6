package dev.retrain.util.io;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The encoding of file names, which Java takes from the locale.
 *
 * <p>On Unix a file name is a sequence of bytes. Java keeps the bytes of a listed file, so it can
 * always be read, but its text has U+FFFD in place of bytes that the encoding does not know: in an
 * ASCII locale such as {@code LC_ALL=C} all but ASCII, in a UTF-8 locale those that are not UTF-8.
 * A path that is made from that text is another path.
 */
public final class NameEncoding {
  private static final char REPLACEMENT = '\ufffd';
  private static final String NAME = System.getProperty("sun.jnu.encoding", "UTF-8");

  private NameEncoding() {}

  /** Whether every Unicode text can be a file name. */
  public static boolean isUnicode() {
    return Charset.isSupported(NAME)
        && Charset.forName(NAME).newEncoder().canEncode("\u732b\u00e9\ud83d\udc31");
  }

  /** The encoding's name and what to do where it is not Unicode, as the rest of a sentence. */
  public static String remedy() {
    return "the locale's encoding is "
        + NAME
        + ". Set the environment variable LC_ALL to C.UTF-8, or to another UTF-8 locale that"
        + " 'locale -a' lists";
  }

  /** Whether a text was decoded with loss. A name may contain U+FFFD itself, but hardly does. */
  public static boolean isLossy(String text) {
    return text.indexOf(REPLACEMENT) >= 0;
  }

  /** Whether a path's text does not identify it. */
  public static boolean isLossy(Path path) {
    String text = path.toString();
    if (!isLossy(text)) {
      return false;
    }
    try {
      return !path.getFileSystem().getPath(text).equals(path);
    } catch (InvalidPathException e) {
      return true;
    }
  }

  /** The last name of a path with its bytes percent-encoded, as in a URI: {@code %FFcat}. */
  public static String percentEncoded(Path path) {
    String uri = path.toUri().getRawPath().replaceFirst("/$", "");
    return uri.substring(uri.lastIndexOf('/') + 1);
  }

  /** A text that identifies a path: the path itself, unless that is ambiguous. */
  public static String key(Path path) {
    return isLossy(path)
        ? path.toString() + REPLACEMENT + path.toUri().getRawPath()
        : path.toString();
  }

  /** The path with a {@link #key}. */
  public static Path path(String key) {
    int raw = key.lastIndexOf(REPLACEMENT + "/");
    try {
      return raw < 0 ? Path.of(key) : Path.of(URI.create("file://" + key.substring(raw + 1)));
    } catch (InvalidPathException e) {
      // A key from a UTF-8 locale in another one.
      return Path.of(URI.create(new File(key).toURI().toASCIIString()));
    }
  }

  /**
   * The path whose name has these bytes, relative to the working directory unless it is absolute.
   */
  public static Path path(byte[] bytes) {
    String text = new String(bytes, charset());
    if (!isLossy(text)) {
      return Path.of(text);
    }
    StringBuilder encoded = new StringBuilder();
    for (byte b : bytes) {
      encoded.append(b == '/' ? "/" : String.format(Locale.ROOT, "%%%02X", b));
    }
    if (bytes[0] == '/') {
      return Path.of(URI.create("file://" + encoded));
    }
    Path directory = Path.of("").toAbsolutePath();
    String root = directory.toUri().getRawPath().replaceFirst("/?$", "/");
    return directory.relativize(Path.of(URI.create("file://" + root + encoded)));
  }

  /**
   * The only existing path with this text; the path itself if there is none or several.
   *
   * @param path a path that was made from a decoded text
   */
  public static Path find(Path path) {
    if (!isLossy(path.toString()) || Files.exists(path)) {
      return path;
    }
    Path parent = path.getParent();
    Path directory = parent == null ? Path.of("") : find(parent);
    try (Stream<Path> entries = Files.list(directory)) {
      List<Path> found =
          entries
              .filter(entry -> entry.getFileName().toString().equals(path.getFileName().toString()))
              .toList();
      return found.size() == 1 ? found.get(0) : path;
    } catch (IOException e) {
      return path;
    }
  }

  /** The charset of texts that contain file names, such as lists of paths. */
  private static Charset charset() {
    return Charset.isSupported(NAME) ? Charset.forName(NAME) : StandardCharsets.UTF_8;
  }
}
