package dev.retrain.dataset.archive;

import dev.retrain.dataset.listing.FileListing;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.IoReason;
import dev.retrain.util.io.RegularFile;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the directories and files in archives by their paths, {@code photos.zip} and {@code
 * photos.zip/cat/1.jpg}.
 */
public final class ImageArchive {
  private static final ArchiveProvider PROVIDER = new ArchiveProvider();

  /** A command lists its images several times; a large archive takes seconds to open. */
  private static final Map<Path, SoftReference<ArchiveFileSystem>> OPENED = new HashMap<>();

  private ImageArchive() {}

  /**
   * The directory of class folders at a path.
   *
   * @param path a directory, an archive, or a folder in an archive
   * @return the path itself if it is a directory or nothing that can be opened; for an archive, its
   *     root or, if that contains one folder only, that folder
   * @throws RetrainException if it is an archive that is corrupt, unsafe or not supported
   */
  public static Path directory(Path path) {
    if (!isDefault(path) || !Files.isRegularFile(path)) {
      return locate(path);
    }
    Optional<ArchiveFormat> format = format(path);
    if (format.isEmpty()) {
      refuseOthers(path);
      return path;
    }
    ArchiveFileSystem archive = open(path, format.get());
    return imageFolder(archive.path(path));
  }

  /**
   * The file or folder at a path.
   *
   * @return the path itself unless it leads into an archive
   * @throws RetrainException if the archive is corrupt or unsafe
   */
  public static Path locate(Path path) {
    if (!isDefault(path)) {
      return path;
    }
    Path archive = file(path);
    if (archive.equals(path)) {
      return path;
    }
    return open(archive, format(archive).orElseThrow()).path(path);
  }

  /**
   * The archive that a path leads into.
   *
   * @return the path itself if it leads into none
   */
  public static Path file(Path path) {
    if (path instanceof ArchivePath archived) {
      return file(archived.names());
    }
    if (!isDefault(path) || Files.exists(path)) {
      return path;
    }
    for (Path above = path.getParent(); above != null; above = above.getParent()) {
      if (Files.exists(above)) {
        return isArchive(above) ? above : path;
      }
    }
    return path;
  }

  /** Whether a path is a directory, an archive, or a folder in an archive. */
  public static boolean isDirectory(Path path) {
    return Files.isDirectory(path) || Files.isDirectory(directory(path));
  }

  /** Whether a file is an archive that can be read. */
  public static boolean isArchive(Path path) {
    return Files.isRegularFile(path) && format(path).isPresent();
  }

  private static boolean isDefault(Path path) {
    return path.getFileSystem().equals(FileSystems.getDefault());
  }

  private static Optional<ArchiveFormat> format(Path path) {
    try {
      return ArchiveFormat.detect(path);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static void refuseOthers(Path path) {
    try {
      ArchiveFormat.refuseOthers(path);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static RetrainException unreadable(Path path, IOException e) {
    return new RetrainException(e, "%s can't be read: %s.", path, IoReason.of(e));
  }

  /** Most programs pack the folder itself, so that it is the only one in the archive. */
  private static Path imageFolder(Path root) {
    try {
      List<Path> top = FileListing.entries(root);
      boolean nested =
          top.size() == 1
              && Files.isDirectory(top.get(0))
              && FileListing.entries(top.get(0)).stream().anyMatch(Files::isDirectory);
      return nested ? top.get(0) : root;
    } catch (IOException e) {
      throw unreadable(root, e);
    }
  }

  private static ArchiveFileSystem open(Path path, ArchiveFormat format) {
    synchronized (OPENED) {
      Path key = path.toAbsolutePath().normalize();
      SoftReference<ArchiveFileSystem> known = OPENED.get(key);
      ArchiveFileSystem archive = known == null ? null : known.get();
      if (archive == null || !isCurrent(archive)) {
        archive = new ArchiveFileSystem(PROVIDER, ArchiveIndex.read(path, format));
        OPENED.put(key, new SoftReference<>(archive));
      }
      return archive;
    }
  }

  private static boolean isCurrent(ArchiveFileSystem archive) {
    ArchiveIndex index = archive.index();
    try {
      return RegularFile.attributeMap(index.archive()).equals(index.attributes());
    } catch (IOException e) {
      return false;
    }
  }
}
