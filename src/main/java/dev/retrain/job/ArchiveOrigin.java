package dev.retrain.job;

import dev.retrain.fetch.Checksum;
import dev.retrain.fetch.Download;
import dev.retrain.fetch.PublishedFile;
import dev.retrain.work.Cancelled;
import dev.retrain.work.Failure;
import dev.retrain.work.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a data set's archive comes from. */
public sealed interface ArchiveOrigin {
  /** The archive as it is published. */
  PublishedFile published();

  /**
   * The SHA-256 of the archive, without fetching it.
   *
   * @throws Failure where it is not the one that is wanted
   * @throws IOException where it can't be read
   */
  String sha256() throws IOException;

  /**
   * The archive as a file here.
   *
   * @param progress is told of the bytes that are fetched, and may stop it
   * @throws Failure where it can't be had
   * @throws Cancelled where the user stopped it; what has come is kept
   * @throws IOException where it can't be read or written
   */
  Path file(Progress progress) throws IOException;

  /**
   * Somewhere else. It is fetched where it is not at hand, and kept: with it, pictures that get
   * lost come back without a download.
   *
   * @param published the archive; its SHA-256 is known
   * @param directory where it is kept
   */
  record Remote(PublishedFile published, Path directory) implements ArchiveOrigin {
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
      if (!Files.isRegularFile(file) || !Checksum.sha256(file).equals(sha256())) {
        new Download().fetch(published, file, progress);
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
  record Local(Path archive, PublishedFile published, boolean strict) implements ArchiveOrigin {
    @Override
    public String sha256() throws IOException {
      if (strict) {
        published.verify(archive);
      }
      return Checksum.sha256(archive);
    }

    @Override
    public Path file(Progress progress) {
      return archive;
    }
  }
}
