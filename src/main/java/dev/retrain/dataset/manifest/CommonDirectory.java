package dev.retrain.dataset.manifest;

import java.nio.file.Path;
import java.util.Collection;

/** The innermost directory that contains all files of a list. */
final class CommonDirectory {
  private CommonDirectory() {}

  /**
   * @param list the list; if its path is relative, the result is relative, too
   * @param files at least one file
   */
  static Path of(Path list, Collection<Path> files) {
    Path common = null;
    for (Path file : files) {
      Path parent = file.toAbsolutePath().normalize().getParent();
      common = common == null ? parent : common(common, parent);
    }
    Path working = Path.of("").toAbsolutePath();
    if (list.isAbsolute() || !common.startsWith(working)) {
      return common;
    }
    Path relative = working.relativize(common);
    return relative.toString().isEmpty() ? Path.of(".") : relative;
  }

  private static Path common(Path one, Path other) {
    Path common = one;
    while (!other.startsWith(common) && common.getParent() != null) {
      common = common.getParent();
    }
    return common;
  }
}
