package dev.retrain.dataset.cifar;

import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.Directories;
import dev.retrain.util.io.LockFile;
import dev.retrain.util.io.OutputException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes CIFAR-10's images to a directory with one folder per class, which may contain other
 * images.
 *
 * <p>An image is written to a temporary file and renamed, so it is complete or absent even if the
 * process is killed. It is not forced to disk, which would take minutes for all images: files that
 * are missing or empty after a power failure are detected with the {@link CompletionMarker}.
 *
 * @param directory the directory
 */
record ImageFolderWriter(Path directory) {
  private static final Logger LOG = LoggerFactory.getLogger(ImageFolderWriter.class);
  private static final String LOCK = ".cifar-10.lock";
  private static final String PART = ".part";
  private static final Pattern IMAGE = Pattern.compile("b[1-5t]_[a-z]+_[0-9]+\\.png");
  private static final Pattern PARTS =
      Pattern.compile(Pattern.quote(".") + IMAGE.pattern() + Pattern.quote(PART));

  /** State of an image's file. */
  enum FileState {
    MISSING,
    UP_TO_DATE,
    DIFFERENT
  }

  /** Sizes in bytes of all files that are named like images of CIFAR-10, whatever their content. */
  SortedMap<String, Long> sizes() throws IOException {
    SortedMap<String, Long> sizes = new TreeMap<>();
    for (String label : RecordBlock.CLASSES) {
      Path folder = directory.resolve(label);
      if (Files.isDirectory(folder)) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
          for (Path file : files) {
            String name = file.getFileName().toString();
            if (IMAGE.matcher(name).matches()) {
              // Files.size fails for a link to a missing file.
              sizes.put(label + "/" + name, Files.exists(file) ? Files.size(file) : 0);
            }
          }
        }
      }
    }
    return sizes;
  }

  /**
   * Locks the directory against other processes until the lock is closed.
   *
   * @throws RetrainException if another process has locked it
   */
  LockFile lock() throws IOException {
    return LockFile.tryAcquire(directory.resolve(LOCK))
        .orElseThrow(
            () ->
                new RetrainException(
                    "Another process is writing to %s; wait until it ends.", directory));
  }

  /** Checks that the directory exists and is writable, or can be created. */
  void checkWritable() {
    Path existing = directory.toAbsolutePath();
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      throw new RetrainException(
          "%s exists and is not a directory. Move it or change %s.",
          existing, Setting.DATA_DIRECTORY);
    }
    if (!Files.isWritable(existing)) {
      throw new RetrainException(
          "The directory %s is not writable. Change %s.", existing, Setting.DATA_DIRECTORY);
    }
  }

  /** Creates the folders and deletes temporary files of killed processes. */
  void prepare() throws IOException {
    removeParts(Directories.create(directory), CompletionMarker.PARTS);
    for (String label : RecordBlock.CLASSES) {
      removeParts(Directories.create(directory.resolve(label)), PARTS);
    }
  }

  private static void removeParts(Path folder, Pattern names) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ".*" + PART)) {
      for (Path file : files) {
        if (names.matcher(file.getFileName().toString()).matches()) {
          Files.delete(file);
        }
      }
    }
  }

  /**
   * Compares an image's file with its expected content.
   *
   * @param name the image's name, such as {@code cat/b1_cat_37.png}
   * @param png the expected content
   */
  FileState state(String name, byte[] png) throws IOException {
    Path file = directory.resolve(name);
    if (!Files.exists(file)) {
      return FileState.MISSING;
    }
    return Files.size(file) == png.length && Arrays.equals(Files.readAllBytes(file), png)
        ? FileState.UP_TO_DATE
        : FileState.DIFFERENT;
  }

  /** Writes an image, replacing an existing file. */
  void write(String name, byte[] png) throws IOException {
    replace(directory.resolve(name), part -> Files.write(part, png));
  }

  /**
   * Links an image of another directory, replacing an existing file.
   *
   * @return whether it was linked; a file system may not support links
   */
  boolean link(String name, ImageFolderWriter other) throws IOException {
    try {
      replace(
          directory.resolve(name), part -> Files.createLink(part, other.directory.resolve(name)));
      return true;
    } catch (UnsupportedOperationException | OutputException e) {
      LOG.debug("Can't link {}", name, e);
      return false;
    }
  }

  @FunctionalInterface
  private interface PartWriter {
    void write(Path part) throws IOException;
  }

  private static void replace(Path file, PartWriter writer) throws IOException {
    Path part = file.resolveSibling("." + file.getFileName() + PART);
    try {
      writer.write(part);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(part);
      throw OutputException.file(file, e);
    }
  }
}
