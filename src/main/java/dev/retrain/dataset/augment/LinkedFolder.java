package dev.retrain.dataset.augment;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.image.SkippedFile;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.io.HardLink;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The result of linking the files of a folder into a second directory. Hard links need no disk
 * space; a file system without them gets copies.
 *
 * @param added number of files linked or copied; existing files are not touched
 * @param skipped files that no longer exist, or are links to missing files
 */
public record LinkedFolder(int added, List<SkippedFile> skipped) {
  public LinkedFolder {
    skipped = List.copyOf(skipped);
  }

  /**
   * Links the files that are missing in the second directory.
   *
   * @param folder the folder
   * @param target the second directory, which need not exist
   * @param progress advances by one per file
   * @throws CancelledException if the user cancelled; files linked so far are kept
   * @throws IOException if a file can be neither linked nor copied
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
              String.format(
                  Locale.ROOT,
                  "Interrupted: %s contains %s more. The next run adds the rest.",
                  target,
                  Counted.of(added, "image")));
        }
        Path second = target.resolve(file.name());
        if (!Files.exists(file.path())) {
          skipped.add(SkippedFile.from(file.path(), new NoSuchFileException(file.name())));
        } else if (!Files.exists(second)) {
          try {
            HardLink.linkOrCopy(file.path(), second);
            added++;
          } catch (NoSuchFileException e) {
            // Deleted meanwhile.
            skipped.add(SkippedFile.from(file.path(), e));
          }
        }
        progress.advance(1);
      }
    } finally {
      progress.end();
    }
    return new LinkedFolder(added, skipped);
  }
}
