package dev.retrain.dataset.cifar;

import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * CIFAR-10's images as files, in a folder a class: in one directory, and perhaps in a second one,
 * where they are the same files by other names and cost no space.
 *
 * <p>Other files in the folders are left alone. Writing can be ended at any moment, and the next
 * time writes what is missing.
 */
public final class CifarFolders {
  private final ImageFolderWriter train;
  private final Optional<ImageFolderWriter> second;

  /**
   * @param train the directory with the class folders
   * @param second another one for the same images; absent means none
   */
  public CifarFolders(Path train, Optional<Path> second) {
    this.train = new ImageFolderWriter(train);
    this.second = second.map(ImageFolderWriter::new);
  }

  private List<ImageFolderWriter> all() {
    return Stream.concat(Stream.of(train), second.stream()).toList();
  }

  /**
   * Tells by names and sizes whether all images of an archive are there; their content is not
   * looked at.
   *
   * @param sha256 the archive's SHA-256
   * @return what is there; empty where something is missing or of another size
   * @throws RetrainException where another archive's images are there
   * @throws IOException where a directory can't be read
   */
  public Optional<CifarResult> complete(String sha256) throws IOException {
    boolean complete = true;
    SortedMap<String, Long> sizes = new TreeMap<>();
    for (ImageFolderWriter folders : all()) {
      sizes = folders.sizes();
      Optional<CompletionMarker> note = CompletionMarker.read(folders.directory());
      if (note.isPresent() && !note.get().archiveSha256().equals(sha256) && !sizes.isEmpty()) {
        throw new RetrainException(
            ("%s holds the images of another archive (its SHA-256 is %s, not %s); name another"
                    + " --data-dir, or remove them first.")
                .formatted(folders.directory(), note.get().archiveSha256(), sha256));
      }
      complete &= note.equals(Optional.of(CompletionMarker.of(sha256, sizes)));
    }
    return complete ? Optional.of(CifarResult.of(sizes, 0, List.of(), 0, 0)) : Optional.empty();
  }

  /**
   * Finds out whether the directories can be written, before anything slow is done for it.
   *
   * @throws RetrainException where they can't be
   */
  public void checkWritable() {
    all().forEach(ImageFolderWriter::checkWritable);
  }

  /**
   * Writes what is missing, and puts right what is not as it should be.
   *
   * @param archive the images
   * @param sha256 the archive's SHA-256
   * @param progress is told of every image, and may stop the work
   * @return what was done
   * @throws RetrainException where images of another archive are there, another process is writing,
   *     or an image can't be written
   * @throws CancelledException where the user stopped it; what is written stays
   * @throws IOException where a directory can't be made or read
   */
  public CifarResult write(CifarArchive archive, String sha256, Progress progress)
      throws IOException {
    FileChannel lock = train.lock();
    try {
      for (ImageFolderWriter folders : all()) {
        folders.prepare();
        checkNames(folders, archive);
      }
      return writeLocked(archive, sha256, progress);
    } finally {
      lock.close();
    }
  }

  private CifarResult writeLocked(CifarArchive archive, String sha256, Progress progress)
      throws IOException {
    progress.begin("Images", "images", archive.images());
    try (ParallelImageWriter writer = new ParallelImageWriter(train, second, progress)) {
      writer.write(archive);
      CompletionMarker note = CompletionMarker.of(sha256, writer.sizes());
      for (ImageFolderWriter folders : all()) {
        note.write(folders.directory());
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
            ("%s is named as an image of CIFAR-10, but %s has none of this name; if another"
                    + " archive's images are there, remove them or name another --data-dir.")
                .formatted(folders.directory().resolve(name), archive.file()));
      }
    }
  }
}
