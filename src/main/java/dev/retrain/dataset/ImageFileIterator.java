package dev.retrain.dataset;

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
 * The files at or below a path, whatever their extension: in a directory by name, those of its
 * folders where the folder's name has its place. Hidden files and the litter of file managers are
 * passed over. A directory is listed when its turn comes, so that millions of files take no memory.
 *
 * <p>A folder that can't be listed, or leads back to one that holds it, comes as if it were a file:
 * who reads it will tell.
 */
public final class ImageFileIterator implements Iterator<Path> {
  private static final Logger LOG = LoggerFactory.getLogger(ImageFileIterator.class);

  /** A folder that is being walked. */
  private record Level(Path real, Iterator<Path> children) {}

  private final Deque<Level> levels = new ArrayDeque<>();
  private Path next;

  /**
   * @param path a file, a directory, or nothing at all, which comes as it is
   */
  public ImageFileIterator(Path path) {
    next = enter(path) ? search() : path;
  }

  /** Goes into a directory, where it is one that can be gone into. */
  private boolean enter(Path path) {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try {
      Path real = path.toRealPath();
      if (levels.stream().anyMatch(level -> level.real().equals(real))) {
        return false;
      }
      levels.push(new Level(real, ImageFolder.children(path).iterator()));
      return true;
    } catch (IOException e) {
      LOG.debug("{} can't be listed", path, e);
      return false;
    }
  }

  /** The next file, or null. */
  private Path search() {
    while (!levels.isEmpty()) {
      if (!levels.peek().children().hasNext()) {
        levels.pop();
        continue;
      }
      Path child = levels.peek().children().next();
      if (!ImageFolder.isHidden(child) && !ImageFolder.isLitter(child) && !enter(child)) {
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
