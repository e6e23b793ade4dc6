package dev.retrain.dataset.listing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * Names of files and directories that are no data: hidden ones, which start with a dot, and those
 * that operating systems, file managers and network drives create. Case is ignored.
 */
final class IgnoredNames {
  private static final Set<String> FILES =
      Set.of(
          "thumbs.db",
          "ehthumbs.db",
          "ehthumbs_vista.db",
          "desktop.ini",
          "picasa.ini",
          // macOS: the icon of a folder.
          "icon\r");

  private static final Set<String> DIRECTORIES =
      Set.of(
          // Resource forks in zip files from macOS.
          "__macosx",
          "$recycle.bin",
          "system volume information",
          "lost+found",
          // Thumbnails and recycle bins of Synology and QNAP drives.
          "@eadir",
          "#recycle",
          "@recycle");

  private IgnoredNames() {}

  /** Whether a file or directory is ignored; does not look at the file if its name decides. */
  static boolean isIgnored(Path path) {
    String name = name(path);
    return name.startsWith(".")
        || FILES.contains(name)
        || (DIRECTORIES.contains(name) && Files.isDirectory(path));
  }

  private static String name(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString().toLowerCase(Locale.ROOT);
  }
}
