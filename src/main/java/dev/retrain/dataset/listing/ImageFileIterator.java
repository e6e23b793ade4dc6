package dev.retrain.dataset.listing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Iterates over the files at or below a path, whatever their extension, sorted by name within each
 * directory. Ignored files ({@link IgnoredNames}) are skipped. A directory is listed when the
 * iterator reaches it, so millions of files need no memory.
 *
 * <p>A directory that can't be listed, or a link to a directory that contains it, is returned like
 * a file; reading it then fails.
 */
public final class ImageFileIterator implements Iterator<Path> {
  private static final Logger LOG = LoggerFactory.getLogger(ImageFileIterator.class);

  /** A directory that is being visited. */
  private record Level(Path real, Iterator<Path> children) {}

  private final Deque<Level> levels = new ArrayDeque<>();
  private Path next;

  /**
   * @param path a file or a directory; a path that does not exist is returned as it is
   */
  public ImageFileIterator(Path path) {
    next = enter(path) ? search() : path;
  }

  /** Starts to visit a directory, if the path is one that can be listed. */
  private boolean enter(Path path) {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try {
      Path real = path.toRealPath();
      if (levels.stream().anyMatch(level -> level.real().equals(real))) {
        return false;
      }
      levels.push(new Level(real, FileListing.entries(path).iterator()));
      return true;
    } catch (IOException e) {
      LOG.debug("Can't list {}", path, e);
      return false;
    }
  }

  /** The next file, or null after the last one. */
  private Path search() {
    while (!levels.isEmpty()) {
      if (!levels.peek().children().hasNext()) {
        levels.pop();
        continue;
      }
      Path child = levels.peek().children().next();
      if (!enter(child)) {
        return child;
      }
    }
    return null;
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public Path next() {
    if (next == null) {
      throw new NoSuchElementException();
    }
    Path found = next;
    next = search();
    return found;
  }
}
