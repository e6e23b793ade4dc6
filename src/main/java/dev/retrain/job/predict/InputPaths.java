package dev.retrain.job.predict;

import dev.retrain.dataset.ImageFileIterator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Expands a list of paths, in its order: files, directories with all files below them, and {@code
 * -} for a list of paths that is read from a stream while the first images are being classified.
 */
public final class InputPaths {
  /** Placeholder for the paths in the stream. */
  public static final String STREAM = "-";

  private final Deque<String> arguments;
  private final InputStream stream;
  private final char separator;
  private final Charset charset = Charset.forName(System.getProperty("native.encoding", "UTF-8"));

  private Iterator<Path> files = List.<Path>of().iterator();
  private boolean streaming;

  /**
   * @param arguments paths, or {@value #STREAM}
   * @param stream the paths that replace {@value #STREAM}, in the system's encoding
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
        .anyMatch(path -> path.equals(STREAM) || Files.isDirectory(path(path)));
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

  private Optional<Path> next() throws IOException {
    while (!files.hasNext()) {
      startStreaming();
      Optional<String> path = streaming ? read() : Optional.ofNullable(arguments.poll());
      if (path.isPresent()) {
        files = new ImageFileIterator(path(path.get()));
      } else if (streaming) {
        streaming = false;
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(files.next());
  }

  /** The next non-empty path in the stream; empty at its end. */
  private Optional<String> read() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b = stream.read(); b >= 0; b = stream.read()) {
      if (b != separator) {
        bytes.write(b);
        continue;
      }
      Optional<String> path = text(bytes);
      if (path.isPresent()) {
        return path;
      }
      bytes.reset();
    }
    return text(bytes);
  }

  private Optional<String> text(ByteArrayOutputStream bytes) {
    String text = bytes.toString(charset);
    if (separator == '\n' && text.endsWith("\r")) {
      text = text.substring(0, text.length() - 1);
    }
    return Optional.of(text).filter(path -> !path.isEmpty());
  }

  /** Invalid paths become paths that don't exist and say why. */
  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      return Path.of(text.replaceAll("[^\\w./ -]", "_") + " (invalid path)");
    }
  }
}
