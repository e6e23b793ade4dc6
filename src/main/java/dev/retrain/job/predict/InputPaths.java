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
 * The files that a list of paths names, in its order: files, directories with all files below them,
 * and {@code -} for a list that is read from a stream while it is worked off.
 */
public final class InputPaths {
  /** Stands for the paths in the stream. */
  public static final String STREAM = "-";

  private final Deque<String> arguments;
  private final InputStream stream;
  private final char separator;
  private final Charset charset = Charset.forName(System.getProperty("native.encoding", "UTF-8"));

  private Iterator<Path> files = List.<Path>of().iterator();
  private boolean streaming;

  /**
   * @param arguments paths, or {@value #STREAM}
   * @param stream what {@value #STREAM} stands for: paths, as the system encodes them
   * @param separator what stands between them, and may end the last; a line feed, a carriage return
   *     before it left out, or NUL
   */
  public InputPaths(List<String> arguments, InputStream stream, char separator) {
    this.arguments = new ArrayDeque<>(arguments);
    this.stream = stream;
    this.separator = separator;
  }

  /**
   * Whether a path stands for others: a directory, or the stream; before the first is asked for.
   */
  public boolean expand() {
    return arguments.stream()
        .anyMatch(path -> path.equals(STREAM) || Files.isDirectory(path(path)));
  }

  /**
   * The next files. Waits for the first of them only: where those who write the stream are slow,
   * there are fewer.
   *
   * @param most how many, at least 1
   * @return none at the end
   * @throws IOException where the stream can't be read
   */
  List<Path> next(int most) throws IOException {
    List<Path> group = new ArrayList<>();
    while (group.size() < most && (group.isEmpty() || ready())) {
      Optional<Path> file = next();
      if (file.isEmpty()) {
        break;
      }
      group.add(file.get());
    }
    return group;
  }

  /**
   * Whether there is more to be had without waiting, or nothing at all.
   *
   * @throws IOException where the stream can't be read
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

  /** The next path that is not empty. */
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

  /** What can be no path becomes one that says so, and is not there. */
  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      return Path.of(text.replaceAll("[^\\w./ -]", "_") + " (no name that a file can have here)");
    }
  }
}
