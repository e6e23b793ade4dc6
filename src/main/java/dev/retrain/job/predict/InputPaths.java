package dev.retrain.job.predict;

import dev.retrain.dataset.archive.ImageArchive;
import dev.retrain.dataset.listing.ImageFileIterator;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.NameEncoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Expands a list of paths, in its order: files, directories and archives with all files below them,
 * and {@code -} for a list of paths that is read from a stream while the first images are being
 * classified.
 */
public final class InputPaths {
  /** Placeholder for the paths in the stream. */
  public static final String STREAM = "-";

  private static final Pattern ARCHIVE_NAME =
      Pattern.compile(".*\\.(zip|tar|tgz|tar\\.gz)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final Deque<String> arguments;
  private final InputStream stream;
  private final char separator;

  private Iterator<Path> files = List.<Path>of().iterator();
  private boolean streaming;
  private boolean started;

  /**
   * @param arguments paths, or {@value #STREAM}
   * @param stream the paths that replace {@value #STREAM}, in the encoding of file names, with or
   *     without a byte-order mark
   * @param separator separates paths in the stream, and may follow the last one: NUL, or a line
   *     feed, before which a carriage return is ignored
   */
  public InputPaths(List<String> arguments, InputStream stream, char separator) {
    this.arguments = new ArrayDeque<>(arguments);
    this.stream = stream;
    this.separator = separator;
  }

  /** Whether an argument is a directory or the stream; valid before the first path is read. */
  public boolean mayExpand() {
    return arguments.stream()
        .anyMatch(path -> path.equals(STREAM) || Files.isDirectory(expanded(path(path))));
  }

  /**
   * The next files. Waits only for the first one, so there are fewer if the stream is slow.
   *
   * @param max upper limit of their number, at least 1
   * @return empty at the end
   * @throws IOException if the stream can't be read
   */
  List<Path> next(int max) throws IOException {
    List<Path> group = new ArrayList<>();
    while (group.size() < max && (group.isEmpty() || ready())) {
      Optional<Path> file = next();
      if (file.isEmpty()) {
        break;
      }
      group.add(file.get());
    }
    return group;
  }

  /**
   * Whether the next file, or the end, is available without waiting.
   *
   * @throws IOException if the stream can't be read
   */
  boolean ready() throws IOException {
    if (files.hasNext()) {
      return true;
    }
    startStreaming();
    return !streaming || stream.available() > 0;
  }

  private void startStreaming() {
    if (!streaming && STREAM.equals(arguments.peek())) {
      arguments.remove();
      streaming = true;
    }
  }

  /** The content of an archive. Documents are zip archives, too, so the name counts as well. */
  private static Path expanded(Path path) {
    if (!Files.isRegularFile(path)) {
      return ImageArchive.locate(path);
    }
    boolean archive =
        ARCHIVE_NAME.matcher(path.toString()).matches() && ImageArchive.isArchive(path);
    return archive ? ImageArchive.directory(path) : path;
  }

  private Optional<Path> next() throws IOException {
    while (!files.hasNext()) {
      startStreaming();
      Optional<Path> path =
          streaming ? read() : Optional.ofNullable(arguments.poll()).map(InputPaths::path);
      if (path.isPresent()) {
        files = new ImageFileIterator(expanded(path.get()));
      } else if (streaming) {
        streaming = false;
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(files.next());
  }

  /** The next non-empty path in the stream; empty at its end. */
  private Optional<Path> read() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b = stream.read(); b >= 0; b = stream.read()) {
      if (b != separator) {
        bytes.write(b);
        continue;
      }
      Optional<Path> path = path(bytes.toByteArray());
      if (path.isPresent()) {
        return path;
      }
      bytes.reset();
    }
    return path(bytes.toByteArray());
  }

  /** The path on a line; empty for an empty line. */
  private Optional<Path> path(byte[] line) {
    int from = 0;
    if (!started && line.length > 0) {
      started = true;
      if (startsWith(line, 0xFF, 0xFE) || startsWith(line, 0xFE, 0xFF)) {
        throw new RetrainException(
            "The list of paths on standard input is UTF-16 text; convert it to UTF-8, for example"
                + " with iconv -f UTF-16 -t UTF-8.");
      }
      from = startsWith(line, 0xEF, 0xBB, 0xBF) ? 3 : 0;
    }
    boolean windows = separator == '\n' && line.length > from && line[line.length - 1] == '\r';
    byte[] path = Arrays.copyOfRange(line, from, line.length - (windows ? 1 : 0));
    if (path.length == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(NameEncoding.path(path));
    } catch (InvalidPathException e) {
      return Optional.of(path(new String(path, StandardCharsets.UTF_8)));
    }
  }

  private static boolean startsWith(byte[] line, int... bytes) {
    return line.length >= bytes.length
        && IntStream.range(0, bytes.length).allMatch(i -> (line[i] & 0xFF) == bytes[i]);
  }

  /** Invalid paths become paths that don't exist and say why. */
  private static Path path(String text) {
    try {
      return NameEncoding.find(Path.of(text));
    } catch (InvalidPathException e) {
      return Path.of(text.replaceAll("[^\\w./ -]", "_") + " (invalid path)");
    }
  }
}
