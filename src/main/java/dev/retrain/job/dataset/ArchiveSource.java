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

/** Where a data set's archive comes from. */
public sealed interface ArchiveSource {
  /** The archive as it is published. */
  RemoteFile published();

  /**
   * The SHA-256 of the archive, without fetching it.
   *
   * @throws RetrainException where it is not the one that is wanted
   * @throws IOException where it can't be read
   */
  String sha256() throws IOException;

  /**
   * The archive as a file here.
   *
   * @param progress is told of the bytes that are fetched, and may stop it
   * @throws RetrainException where it can't be had
   * @throws CancelledException where the user stopped it; what has come is kept
   * @throws IOException where it can't be read or written
   */
  Path file(Progress progress) throws IOException;

  /**
   * Somewhere else. It is fetched where it is not at hand, and kept: with it, images that get lost
   * come back without a download.
   *
   * @param published the archive; its SHA-256 is known
   * @param directory where it is kept
   */
  record Remote(RemoteFile published, Path directory) implements ArchiveSource {
    /** Checks that what comes can be told from what should. */
    public Remote {
      if (published.sha256().isEmpty()) {
        throw new IllegalArgumentException(
            "no checksum of %s is known".formatted(published.name()));
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
   * A file of the user's.
   *
   * @param archive the file
   * @param published the archive as it is published
   * @param strict whether a file with another checksum is refused; where it is not, the user is
   *     trusted to know
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
