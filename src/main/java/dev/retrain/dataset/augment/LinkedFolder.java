package dev.retrain.dataset.augment;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.image.SkippedFile;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.io.HardLink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A second directory with the files of a folder in it, which take no more room where hard links are
 * to be had.
 *
 * @param added files put there; those that were there are not touched
 * @param skipped files that are gone, or links to nothing
 */
public record LinkedFolder(int added, List<SkippedFile> skipped) {
  /** Copies the list. */
  public LinkedFolder {
    skipped = List.copyOf(skipped);
  }

  /**
   * Puts the files that are missing.
   *
   * @param folder the folder
   * @param target the second directory; may hold some of them, or not be there
   * @param progress is told of every file, and may stop the work
   * @return what was done
   * @throws CancelledException where the user stopped it; what was put is kept
   * @throws IOException where a file can be neither linked nor copied
   */
  public static LinkedFolder make(ImageFolder folder, Path target, Progress progress)
      throws IOException {
    int added = 0;
    List<SkippedFile> skipped = new ArrayList<>();
    progress.begin("Originals", "images", folder.files().size());
    try {
      for (ImageFile file : folder.files()) {
        if (progress.cancelled()) {
          throw new CancelledException(
              "Interrupted: %,d images were put into %s; the same command goes on."
                  .formatted(added, target));
        }
        Path second = target.resolve(file.name());
        if (!Files.exists(file.path())) {
          skipped.add(SkippedFile.of(file.path(), new NoSuchFileException(file.name())));
        } else if (!Files.exists(second)) {
          HardLink.linkOrCopy(file.path(), second);
          added++;
        }
        progress.advance(1);
      }
    } finally {
      progress.end();
    }
    return new LinkedFolder(added, skipped);
  }
}
