package dev.retrain.job.data;

import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.list.ImageList;
import dev.retrain.dataset.list.ImageLocation;
import dev.retrain.dataset.list.ImageLocation.ManifestFile;
import dev.retrain.dataset.manifest.ManifestColumns;
import dev.retrain.model.data.DataOrigin;
import dev.retrain.model.data.DataOrigin.ImageListing;
import java.nio.file.Path;
import java.util.Optional;

/** Describes a list of images in a model's metadata, and reads it from there. */
public final class ListDescription {
  private ListDescription() {}

  /**
   * The description of a list.
   *
   * @param list the list
   * @param folder its images
   * @return null for all images of a directory without split folders
   */
  static ImageListing of(ImageList list, ImageFolder folder) {
    ManifestColumns columns =
        list.location() instanceof ManifestFile manifest
            ? manifest.columns()
            : ManifestColumns.DEFAULT;
    boolean isManifest = list.location() instanceof ManifestFile;
    if (!isManifest && !folder.origin().splitFolders() && list.isWhole()) {
      return null;
    }
    return new ImageListing(
        isManifest ? list.location().path().toString() : null,
        columns.path().orElse(null),
        columns.label().orElse(null),
        columns.split().orElse(null),
        columns.group().orElse(null),
        columns.weight().orElse(null),
        folder.origin().splitFolders(),
        list.groupBy().orElse(null),
        list.exclude().map(Path::toString).orElse(null),
        list.classes(),
        list.maxPerClass().orElse(null));
  }

  /** The images that a model was trained on. */
  public static ImageList read(DataOrigin origin) {
    ImageListing list = origin.list();
    if (list == null) {
      return ImageList.all(new ImageLocation.Directory(Path.of(origin.directory()), false));
    }
    return new ImageList(
        location(origin.directory(), list),
        Optional.ofNullable(list.groupBy()),
        Optional.ofNullable(list.exclude()).map(Path::of),
        list.classes(),
        Optional.ofNullable(list.maxPerClass()));
  }

  private static ImageLocation location(String directory, ImageListing list) {
    if (list.manifest() == null) {
      return new ImageLocation.Directory(Path.of(directory), list.splitFolders());
    }
    return new ManifestFile(
        Path.of(list.manifest()),
        new ManifestColumns(
            Optional.ofNullable(list.pathColumn()),
            Optional.ofNullable(list.labelColumn()),
            Optional.ofNullable(list.splitColumn()),
            Optional.ofNullable(list.groupColumn()),
            Optional.ofNullable(list.weightColumn())));
  }
}
