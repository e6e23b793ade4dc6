package dev.retrain.util.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Describes symbolic links that can't be followed. */
public final class SymbolicLink {
  /** The problem of a link that can't be followed because it leads back to itself. */
  public static final String TO_ITSELF = "leads back to itself";

  private SymbolicLink() {}

  /**
   * Why a link can't be followed.
   *
   * @param path a link, or a file or directory that is none
   * @return a predicate, such as {@code leads to x, which does not exist}; empty if it is no link,
   *     or leads to a file or a directory
   */
  public static Optional<String> problem(Path path) {
    if (!Files.isSymbolicLink(path) || Files.exists(path)) {
      return Optional.empty();
    }
    Set<Path> followed = new HashSet<>();
    Path target = path;
    try {
      while (Files.isSymbolicLink(target)) {
        if (!followed.add(target.toAbsolutePath().normalize())) {
          return Optional.of(TO_ITSELF);
        }
        target = target.resolveSibling(Files.readSymbolicLink(target));
      }
    } catch (IOException e) {
      return Optional.of("can't be followed (%s)".formatted(IoReason.of(e)));
    }
    return Files.notExists(target)
        ? Optional.of("leads to %s, which does not exist".formatted(target))
        : Optional.empty();
  }

  /** Whether a path is a link to a directory that contains the link. */
  public static boolean isCycle(Path path) {
    try {
      Path parent = path.toAbsolutePath().getParent();
      return Files.isSymbolicLink(path)
          && Files.isDirectory(path)
          && parent.toRealPath().startsWith(path.toRealPath());
    } catch (IOException e) {
      return false;
    }
  }
}
