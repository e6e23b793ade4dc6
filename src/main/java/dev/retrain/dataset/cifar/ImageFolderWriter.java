package dev.retrain.dataset.cifar;

import dev.retrain.util.RetrainException;
import dev.retrain.util.io.Directories;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory with a folder a class, and CIFAR-10's images in them, perhaps beside the user's.
 *
 * <p>An image is written beside its place and moved there, so it is whole or absent, however the
 * process ends; it is not forced to disk, which would take minutes for all. What a power cut may
 * leave, files that are missing or empty, the {@link CompletionMarker} tells.
 *
 * @param directory the directory
 */
record ImageFolderWriter(Path directory) {
  private static final Logger LOG = LoggerFactory.getLogger(ImageFolderWriter.class);
  private static final String LOCK = ".cifar-10.lock";
  private static final String PART = ".part";
  private static final Pattern OURS = Pattern.compile("b[1-5t]_[a-z]+_[0-9]+\\.png");
  private static final Pattern PARTS =
      Pattern.compile(Pattern.quote(".") + OURS.pattern() + Pattern.quote(PART));

  /** What is in an image's place. */
  enum Found {
    NOTHING,
    THE_PICTURE,
    SOMETHING_ELSE
  }

  /**
   * The images' names and sizes in bytes: of all files named as CIFAR-10's are, whatever is in
   * them.
   */
  SortedMap<String, Long> sizes() throws IOException {
    SortedMap<String, Long> sizes = new TreeMap<>();
    for (String label : RecordBlock.CLASSES) {
      Path folder = directory.resolve(label);
      if (Files.isDirectory(folder)) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
          for (Path file : files) {
            String name = file.getFileName().toString();
            if (OURS.matcher(name).matches()) {
              // A link to nothing has no size.
              sizes.put(label + "/" + name, Files.exists(file) ? Files.size(file) : 0);
            }
          }
        }
      }
    }
    return sizes;
  }

  /**
   * Keeps other processes from writing here until what it returns is closed, or the process ends.
   *
   * @throws RetrainException where another one is at it
   */
  FileChannel lock() throws IOException {
    Directories.make(directory);
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      LOG.debug("Locked in this process", e);
    } catch (IOException e) {
      LOG.debug("The file system of {} has no locks", directory, e);
      return channel;
    }
    channel.close();
    throw new RetrainException(
        "Another download is writing to %s; wait until it has ended.".formatted(directory));
  }

  /** Finds out whether there can be such a directory, without making it. */
  void checkWritable() {
    Path there = directory.toAbsolutePath();
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there)) {
      throw new RetrainException(
          "%s is in the way of %s: it is no directory. Move it, or name another --data-dir."
              .formatted(there, directory));
    }
    if (!Files.isWritable(there)) {
      throw new RetrainException(
          "The directory %s can't be written to; name another --data-dir.".formatted(there));
    }
  }

  /** Makes the folders and removes what a run that was ended has left half written. */
  void prepare() throws IOException {
    removeParts(Directories.make(directory), CompletionMarker.PARTS);
    for (String label : RecordBlock.CLASSES) {
      removeParts(Directories.make(directory.resolve(label)), PARTS);
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
   * Looks into an image's place.
   *
   * @param name the image's, such as {@code cat/b1_cat_37.png}
   * @param png the bytes of its file
   */
  Found find(String name, byte[] png) throws IOException {
    Path file = directory.resolve(name);
    if (!Files.exists(file)) {
      return Found.NOTHING;
    }
    return Files.size(file) == png.length && Arrays.equals(Files.readAllBytes(file), png)
        ? Found.THE_PICTURE
        : Found.SOMETHING_ELSE;
  }

  /** Writes an image; what is in its place is replaced. */
  void write(String name, byte[] png) throws IOException {
    replace(directory.resolve(name), part -> Files.write(part, png));
  }

  /**
   * Gives an image that is elsewhere a second name here; what is in its place is replaced.
   *
   * @return whether that is done; a file system may not be able to
   */
  boolean link(String name, ImageFolderWriter elsewhere) throws IOException {
    try {
      replace(
          directory.resolve(name),
          part -> Files.createLink(part, elsewhere.directory.resolve(name)));
      return true;
    } catch (UnsupportedOperationException | FileSystemException e) {
      LOG.debug("No link", e);
      return false;
    }
  }

  @FunctionalInterface
  private interface Writing {
    void to(Path part) throws IOException;
  }

  private static void replace(Path file, Writing writing) throws IOException {
    Path part = file.resolveSibling("." + file.getFileName() + PART);
    try {
      writing.to(part);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(part);
      throw e;
    }
  }
}
