package dev.retrain.backbone.registry;

import dev.retrain.fetch.Downloader;
import dev.retrain.fetch.RemoteFile;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings published networks into a model directory. */
public final class BackboneDownloader {
  private static final Logger LOG = LoggerFactory.getLogger(BackboneDownloader.class);

  private final BackboneStore directory;

  /**
   * @param directory where they go
   */
  public BackboneDownloader(BackboneStore directory) {
    this.directory = directory;
  }

  /**
   * Fetches a network where it is missing, and says so in the log.
   *
   * @param known any network
   * @param progress is told how far it is, and may stop it
   * @throws RetrainException where it can't be had, or is not what was published
   * @throws CancelledException where the user stopped it
   * @throws IOException where a file can't be written
   */
  public void fetchIfMissing(BackboneSpec known, Progress progress) throws IOException {
    if (!directory.has(known)) {
      LOG.info("The network {} is not in {}: it is fetched now.", known.name(), directory.path());
      download(known, Optional.empty(), progress);
    }
  }

  /**
   * Puts a network where it is looked for: from a copy of its archive, from the archive in the
   * directory, or downloaded.
   *
   * @param known a published network
   * @param archive a copy of its archive, which stays; absent: there is none
   * @param uri the archive's address; absent: the usual one
   * @param progress is told how far it is, and may stop it
   * @return whether it was missing; one that is there already is checked
   * @throws RetrainException where it can't be had, or is not what was published; then nothing is
   *     unpacked
   * @throws CancelledException where the user stopped it
   * @throws IOException where a file can't be read or written
   */
  public boolean fetch(
      BackboneSpec known, Optional<Path> archive, Optional<URI> uri, Progress progress)
      throws IOException {
    if (directory.graph(known).isPresent()) {
      directory.read(known);
      return false;
    }
    if (archive.isPresent()) {
      directory.unpack(known, archive.get());
    } else if (uri.isEmpty() && directory.has(known)) {
      directory.unpack(known, directory.archive(known));
    } else {
      download(known, uri, progress);
    }
    return true;
  }

  private void download(BackboneSpec known, Optional<URI> uri, Progress progress)
      throws IOException {
    Path archive = directory.archive(known);
    RemoteFile source = directory.source(known);
    new Downloader(
            "Copy the archive to %s, or provide %s or %s.", archive, Setting.ARCHIVE, Setting.URL)
        .fetch(uri.map(source::at).orElse(source), archive, progress);
    try {
      directory.unpackVerified(known, archive);
    } catch (RetrainException e) {
      // Whoever published this, it must not be taken for the network.
      Files.delete(archive);
      throw e;
    }
    // The graph is all that is needed.
    Files.delete(archive);
  }
}
