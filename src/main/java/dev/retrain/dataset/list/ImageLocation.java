package dev.retrain.dataset.list;

import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.archive.ImageArchive;
import dev.retrain.dataset.manifest.Manifest;
import dev.retrain.dataset.manifest.ManifestColumns;
import java.io.IOException;
import java.nio.file.Path;

/** Where images are listed. */
public sealed interface ImageLocation {
  /** The directory or the manifest. */
  Path path();

  /**
   * Lists the files.
   *
   * @param checkFiles whether every file of a manifest must exist
   * @throws dev.retrain.util.RetrainException if they can't be used
   * @throws IOException if a directory or file can't be read
   */
  ImageFolder list(boolean checkFiles) throws IOException;

  /**
   * A directory with one folder per class.
   *
   * @param path the directory
   * @param splitFolders whether folders for the training, validation and test sets, each with the
   *     class folders, are recognized; otherwise they are classes
   */
  record Directory(Path path, boolean splitFolders) implements ImageLocation {
    @Override
    public ImageFolder list(boolean checkFiles) throws IOException {
      Path directory = ImageArchive.directory(path);
      return splitFolders && SplitFolders.isSplit(directory)
          ? SplitFolders.list(directory)
          : ImageFolder.list(directory);
    }
  }

  /**
   * A table with a row per image.
   *
   * @param path the table
   * @param columns the names of its columns
   */
  record ManifestFile(Path path, ManifestColumns columns) implements ImageLocation {
    @Override
    public ImageFolder list(boolean checkFiles) throws IOException {
      return Manifest.read(path, columns, checkFiles);
    }
  }
}
