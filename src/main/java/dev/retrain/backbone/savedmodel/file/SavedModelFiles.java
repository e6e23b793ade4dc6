package dev.retrain.backbone.savedmodel.file;

import dev.retrain.backbone.format.FileFormats;
import dev.retrain.backbone.format.FileFormats.Expected;
import dev.retrain.util.RetrainException;
import dev.retrain.util.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.io.file.PathUtils;

/** A SavedModel's directory; an archive is unpacked until this is closed. */
public final class SavedModelFiles implements AutoCloseable {
  private final SavedModelDirectory directory;
  private final Path temporary;

  private SavedModelFiles(SavedModelDirectory directory, Path temporary) {
    this.directory = directory;
    this.temporary = temporary;
  }

  /** Whether a path is the directory of a SavedModel, or a file that has the name of an archive. */
  public static boolean isCandidate(Path path) {
    return SavedModelDirectory.isSavedModel(path)
        || (Files.isRegularFile(path) && SavedModelArchive.hasEnding(path));
  }

  /**
   * Opens a SavedModel.
   *
   * @param path its directory, its {@code saved_model.pb}, or a {@code .tgz}, {@code .tar.gz},
   *     {@code .tar} or {@code .zip} archive that contains it
   * @throws RetrainException if there is no SavedModel
   * @throws IOException if a file can't be read, or the archive can't be unpacked
   */
  public static SavedModelFiles open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return new SavedModelFiles(new SavedModelDirectory(path.toString(), path), null);
    }
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    if (path.endsWith(SavedModelDirectory.MODEL)) {
      Path parent = path.toAbsolutePath().getParent();
      return new SavedModelFiles(new SavedModelDirectory(path.toString(), parent), null);
    }
    if (!SavedModelArchive.hasEnding(path)) {
      throw notASavedModel(path);
    }
    Path temporary = TemporaryDirectory.create();
    try {
      Path directory = SavedModelArchive.unpack(path, temporary);
      return new SavedModelFiles(new SavedModelDirectory(path.toString(), directory), temporary);
    } catch (IOException | RuntimeException e) {
      PathUtils.deleteDirectory(temporary);
      throw e;
    }
  }

  /** The directory; valid until this is closed. */
  public SavedModelDirectory directory() {
    return directory;
  }

  @Override
  public void close() throws IOException {
    if (temporary != null) {
      PathUtils.deleteDirectory(temporary);
    }
  }

  private static RetrainException notASavedModel(Path path) throws IOException {
    // An archive of a SavedModel only lacks the ending of its name.
    Optional<RetrainException> reason =
        FileFormats.isSavedModelArchive(path)
            ? Optional.empty()
            : FileFormats.explain(path, Expected.SAVED_MODEL);
    return reason.orElseGet(
        () ->
            new RetrainException(
                "%s is neither the directory of a SavedModel nor a .tgz, .tar.gz, .tar or .zip"
                    + " archive of one.",
                path));
  }
}
