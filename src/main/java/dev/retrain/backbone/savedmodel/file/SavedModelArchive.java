package dev.retrain.backbone.savedmodel.file;

import dev.retrain.util.RetrainException;
import dev.retrain.util.archive.TarExtractor;
import dev.retrain.util.archive.ZipExtractor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** An archive that contains a SavedModel, as TensorFlow Hub and Kaggle publish them. */
final class SavedModelArchive {
  private static final List<String> ENDINGS = List.of(".tgz", ".tar.gz", ".tar", ".zip");

  private SavedModelArchive() {}

  /** Whether a file's name is that of an archive. */
  static boolean hasEnding(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return ENDINGS.stream().anyMatch(name::endsWith);
  }

  /**
   * Unpacks the files of a SavedModel.
   *
   * @param archive the archive
   * @param target an empty directory
   * @return the directory in {@code target} that contains {@code saved_model.pb}
   * @throws RetrainException if the archive is damaged or unsafe, or does not contain one
   *     SavedModel
   * @throws IOException if a file can't be read or written
   */
  static Path unpack(Path archive, Path target) throws IOException {
    TarExtractor.FileReader writer = (name, content) -> write(target, Path.of(name), content);
    if (archive.toString().toLowerCase(Locale.ROOT).endsWith(".zip")) {
      ZipExtractor.forEachFile(archive, writer);
    } else {
      TarExtractor.forEachFile(archive, writer);
    }
    return root(archive, target);
  }

  private static void write(Path target, Path name, InputStream content) throws IOException {
    Path file = target.resolve(name.normalize()).normalize();
    if (file.startsWith(target) && isNeeded(file)) {
      Files.createDirectories(file.getParent());
      Files.copy(content, file);
    }
  }

  private static boolean isNeeded(Path file) {
    String name = file.getFileName().toString();
    Path parent = file.getParent();
    return name.equals(SavedModelDirectory.MODEL)
        || name.equals(SavedModelDirectory.HUB)
        || (parent.getFileName() != null
            && parent.getFileName().toString().equals(SavedModelDirectory.VARIABLES));
  }

  private static Path root(Path archive, Path target) throws IOException {
    List<Path> models = new ArrayList<>();
    try (Stream<Path> files = Files.walk(target)) {
      files
          .filter(file -> file.endsWith(SavedModelDirectory.MODEL))
          .sorted(Comparator.comparing(Path::getNameCount))
          .forEach(models::add);
    }
    if (models.isEmpty()) {
      throw new RetrainException(
          "%s contains no SavedModel: it has no file %s.", archive, SavedModelDirectory.MODEL);
    }
    if (models.size() > 1 && models.get(0).getNameCount() == models.get(1).getNameCount()) {
      throw new RetrainException(
          "%s contains several SavedModels. Unpack it, and give the directory of one.", archive);
    }
    return models.get(0).getParent();
  }
}
