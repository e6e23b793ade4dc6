package dev.retrain.dataset.cifar;

import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.LockFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * CIFAR-10's images as files, with one folder per class: in one directory, and optionally in a
 * second one as hard links, which need no disk space.
 *
 * <p>Other files in the folders are not touched. After an interruption, even by a kill, the next
 * run writes the missing images.
 */
public final class CifarFolders {
  private final ImageFolderWriter train;
  private final Optional<ImageFolderWriter> second;

  /**
   * @param train the directory with the class folders
   * @param second a second directory for the same images; absent by default
   */
  public CifarFolders(Path train, Optional<Path> second) {
    this.train = new ImageFolderWriter(train);
    this.second = second.map(ImageFolderWriter::new);
  }

  private List<ImageFolderWriter> all() {
    return Stream.concat(Stream.of(train), second.stream()).toList();
  }

  /**
   * Checks by names and sizes, not by content, whether all images of an archive exist.
   *
   * @param sha256 the archive's SHA-256
   * @return a result without changes; empty if a file is missing or has another size
   * @throws RetrainException if a directory contains another archive's images
   * @throws IOException if a directory can't be read
   */
  public Optional<CifarResult> complete(String sha256) throws IOException {
    boolean complete = true;
    SortedMap<String, Long> sizes = new TreeMap<>();
    for (ImageFolderWriter folders : all()) {
      sizes = folders.sizes();
      Optional<CompletionMarker> marker = CompletionMarker.read(folders.directory());
      if (marker.isPresent() && !marker.get().archiveSha256().equals(sha256) && !sizes.isEmpty()) {
        throw new RetrainException(
            "%s contains the images of another archive (SHA-256 %s, not %s). Change %s or remove"
                + " these images.",
            folders.directory(), marker.get().archiveSha256(), sha256, Setting.DATA_DIRECTORY);
      }
      complete &= marker.equals(Optional.of(CompletionMarker.of(sha256, sizes)));
    }
    return complete ? Optional.of(CifarResult.of(sizes, 0, List.of(), 0, 0)) : Optional.empty();
  }

  /**
   * Checks that the directories are writable, before a slow download.
   *
   * @throws RetrainException if one is not
   */
  public void checkWritable() {
    all().forEach(ImageFolderWriter::checkWritable);
  }

  /**
   * Writes the missing images and replaces files of different content.
   *
   * @param archive the images
   * @param sha256 the archive's SHA-256
   * @param progress advances by the number of images
   * @throws RetrainException if a directory contains images of another archive, another process is
   *     writing, or an image can't be written
   * @throws CancelledException if the user cancelled; images written so far are kept
   * @throws IOException if a directory can't be created or read
   */
  public CifarResult write(CifarArchive archive, String sha256, Progress progress)
      throws IOException {
    LockFile lock = train.lock();
    try (lock) {
      for (ImageFolderWriter folders : all()) {
        folders.prepare();
        checkNames(folders, archive);
      }
      return writeLocked(archive, sha256, progress);
    }
  }

  private CifarResult writeLocked(CifarArchive archive, String sha256, Progress progress)
      throws IOException {
    progress.begin("Images", "images", archive.images());
    try (ParallelImageWriter writer = new ParallelImageWriter(train, second, progress)) {
      writer.write(archive);
      CompletionMarker marker = CompletionMarker.of(sha256, writer.sizes());
      for (ImageFolderWriter folders : all()) {
        marker.write(folders.directory());
      }
      return writer.result();
    } finally {
      progress.end();
    }
  }

  private static void checkNames(ImageFolderWriter folders, CifarArchive archive)
      throws IOException {
    for (String name : folders.sizes().keySet()) {
      if (!archive.names().contains(name)) {
        throw new RetrainException(
            "%s has a name like an image of CIFAR-10, but %s contains no image of this name. If the"
                + " directory contains another archive's images, remove them or change %s.",
            folders.directory().resolve(name), archive.file(), Setting.DATA_DIRECTORY);
      }
    }
  }
}
