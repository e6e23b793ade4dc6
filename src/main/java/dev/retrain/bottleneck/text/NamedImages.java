package dev.retrain.bottleneck.text;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.archive.ImageArchive;
import dev.retrain.dataset.list.ImageLocation;
import dev.retrain.dataset.list.ImageLocation.Directory;
import dev.retrain.dataset.list.SplitFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Images by their names, {@code class/file}.
 *
 * @param directory a directory that contains all of them; absent if there are none
 * @param listed the images; absent if the directory itself has a folder per class, of which any
 *     file is an image
 */
public record NamedImages(Optional<Path> directory, Optional<Map<String, Path>> listed) {
  /**
   * The images of a location.
   *
   * @param location where they are; absent if there are none
   * @throws dev.retrain.util.RetrainException if they can't be listed
   * @throws IOException if a directory or file can't be read
   */
  public static NamedImages of(Optional<ImageLocation> location) throws IOException {
    if (location.isEmpty()) {
      return new NamedImages(Optional.empty(), Optional.empty());
    }
    if (location.get() instanceof Directory plain) {
      Path directory = ImageArchive.directory(plain.path());
      if (!plain.splitFolders() || !SplitFolders.isSplit(directory)) {
        return new NamedImages(Optional.of(directory), Optional.empty());
      }
    }
    ImageFolder folder = location.get().list(true);
    Map<String, Path> images = new TreeMap<>();
    for (ImageFile file : folder.files()) {
      images.put(file.name(), file.path());
    }
    return new NamedImages(Optional.of(folder.directory()), Optional.of(images));
  }

  /** The image of a name, if it exists. */
  Optional<Path> find(String name) {
    return listed
        .map(images -> Optional.ofNullable(images.get(name)))
        .orElseGet(() -> directory.map(folder -> folder.resolve(name)))
        .filter(Files::isRegularFile);
  }
}
