package dev.retrain.job.evaluate;

import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.archive.ImageArchive;
import dev.retrain.dataset.list.ImageList;
import dev.retrain.dataset.list.ImageLocation;
import dev.retrain.dataset.list.ImageLocation.ManifestFile;
import dev.retrain.dataset.list.SplitFolders;
import dev.retrain.dataset.manifest.ManifestColumns;
import dev.retrain.job.data.ListDescription;
import dev.retrain.model.data.DataOrigin;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The list of the images that a model was trained on.
 *
 * @param origin the training data according to the metadata
 */
record TrainingList(DataOrigin origin) {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingList.class);

  /** The image directory or the manifest that a model was trained on. */
  static Path path(DataOrigin origin) {
    return isManifest(origin)
        ? Path.of(origin.list().manifest())
        : ImageArchive.directory(Path.of(origin.directory()));
  }

  /** Whether a model was trained on a manifest. */
  static boolean isManifest(DataOrigin origin) {
    return origin.list() != null && origin.list().manifest() != null;
  }

  /** Whether a model was trained on this image directory or manifest. */
  static boolean isOwn(Path path, DataOrigin origin) throws IOException {
    if (!origin.known()) {
      return false;
    }
    Path own = path(origin);
    Path given = ImageArchive.directory(path);
    return Files.exists(own) && Files.exists(given) && Files.isSameFile(given, own);
  }

  /**
   * The images to evaluate: those of a given list, or of the one the model was trained on. A given
   * location that is the model's own is listed as for the training.
   *
   * @param given the list that the user has given
   * @throws RetrainException if none is given and the model's own doesn't exist
   */
  ImageFolder evaluated(Optional<ImageList> given) throws IOException {
    if (given.isEmpty()) {
      checkExists();
      return ListDescription.read(origin).list();
    }
    ImageLocation location = given.get().location();
    ImageList own = ListDescription.read(origin);
    if (isOwn(location.path(), origin) && !hasOtherColumns(location, own.location())) {
      return own.list();
    }
    // A copy of the training images is recognized only if it has the same groups.
    ImageList list =
        new ImageList(location, own.groupBy(), Optional.empty(), List.of(), Optional.empty());
    try {
      return list.list();
    } catch (RetrainException e) {
      if (own.groupBy().isEmpty()) {
        throw e;
      }
      LOG.debug("{} has no such groups", location.path(), e);
      return given.get().list();
    }
  }

  /** Whether the user has named columns of a manifest that are not those of the training. */
  private static boolean hasOtherColumns(ImageLocation given, ImageLocation own) {
    return given instanceof ManifestFile manifest
        && !manifest.columns().equals(ManifestColumns.DEFAULT)
        && !(own instanceof ManifestFile trained && trained.columns().equals(manifest.columns()));
  }

  /**
   * Whether the current list determines the sets of the images. It may have changed, so that images
   * that were trained on are in another set now.
   */
  static boolean determinesSets(DataOrigin origin) {
    return origin.list() != null && origin.list().manifest() != null;
  }

  /**
   * @throws RetrainException if it is unknown which images a model was trained on
   */
  static void checkKnown(DataOrigin origin, Setting setting) {
    if (!origin.known()) {
      throw new RetrainException(
          "It is unknown which images the model was trained on. Set %s to a directory with one"
              + " folder of images per class.",
          setting);
    }
  }

  private void checkExists() {
    checkKnown(origin, Setting.IMAGE_DIRECTORY);
    Path path = path(origin);
    if (isManifest(origin) && !Files.isRegularFile(path)) {
      throw new RetrainException(
          "%s, which the model was trained on, doesn't exist; choose another list with %s, or a"
              + " directory with %s.",
          path, Setting.MANIFEST, Setting.IMAGE_DIRECTORY);
    }
    if (!isManifest(origin) && !ImageArchive.isDirectory(path)) {
      throw new RetrainException(
          "%s, which the model was trained on, doesn't exist; choose another directory with %s.",
          path, Setting.IMAGE_DIRECTORY);
    }
  }

  /** The images the model was trained on; empty if their list is gone or can't be used. */
  Optional<ImageFolder> existing() throws IOException {
    if (!Files.exists(path(origin))) {
      return Optional.empty();
    }
    try {
      return Optional.of(ListDescription.read(origin).listUnchecked());
    } catch (RetrainException e) {
      if (origin.list() == null) {
        throw e;
      }
      LOG.warn("The images that the model was trained on are unknown: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Adds the deleted files that the cache remembers; a manifest names them itself. */
  ImageFolder withDeleted(ImageFolder folder, Collection<Path> deleted) {
    Path directory = ImageArchive.directory(Path.of(origin.directory()));
    if (origin.list() == null) {
      return folder.withFiles(directory, deleted);
    }
    if (origin.list().manifest() != null) {
      return folder;
    }
    ImageFolder all =
        origin.list().splitFolders()
            ? SplitFolders.withFiles(folder, directory, deleted)
            : folder.withFiles(directory, deleted);
    return ListDescription.read(origin).grouped(all);
  }
}
