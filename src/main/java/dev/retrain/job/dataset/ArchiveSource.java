package dev.retrain.job.dataset;

import dev.retrain.fetch.Downloader;
import dev.retrain.fetch.RemoteFile;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The source of a data set's archive. */
public sealed interface ArchiveSource {
  /** The published archive. */
  RemoteFile published();

  /**
   * The SHA-256 of the archive, determined without a download.
   *
   * @throws RetrainException if it is not the expected one
   * @throws IOException if the archive can't be read
   */
  String sha256() throws IOException;

  /**
   * The archive as a local file.
   *
   * @param progress receives the progress of a download, and can cancel it
   * @throws RetrainException if the archive can't be downloaded
   * @throws CancelledException if the user cancels; the downloaded part is kept
   * @throws IOException if a file can't be read or written
   */
  Path file(Progress progress) throws IOException;

  /**
   * An archive that is downloaded if it isn't available locally, and kept, so that lost images can
   * be restored without another download.
   *
   * @param published the archive; its SHA-256 must be known
   * @param directory where the download is kept
   */
  record Remote(RemoteFile published, Path directory) implements ArchiveSource {
    public Remote {
      if (published.sha256().isEmpty()) {
        throw new IllegalArgumentException(
            "the checksum of %s is unknown".formatted(published.name()));
      }
    }

    @Override
    public String sha256() {
      return published.sha256().orElseThrow();
    }

    @Override
    public Path file(Progress progress) throws IOException {
      Path file = directory.resolve(published.name());
      if (!Files.isRegularFile(file) || !Sha256.sha256(file).equals(sha256())) {
        new Downloader().fetch(published, file, progress);
      }
      return file;
    }
  }

  /**
   * A local file.
   *
   * @param archive the file
   * @param published the published archive
   * @param strict whether a file with another checksum than the published one is an error
   */
  record Local(Path archive, RemoteFile published, boolean strict) implements ArchiveSource {
    @Override
    public String sha256() throws IOException {
      if (strict) {
        published.verify(archive);
      }
      return Sha256.sha256(archive);
    }

    @Override
    public Path file(Progress progress) {
      return archive;
    }
  }
}
