package dev.retrain.backbone.registry;

import dev.retrain.fetch.Downloader;
import dev.retrain.fetch.RemoteFile;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Downloads published backbones to the backbone directory. */
public final class BackboneDownloader {
  private static final Logger LOG = LoggerFactory.getLogger(BackboneDownloader.class);

  private final BackboneStore store;

  /**
   * @param store the backbone directory
   */
  public BackboneDownloader(BackboneStore store) {
    this.store = store;
  }

  /**
   * Downloads a backbone unless it is available locally.
   *
   * @param spec any backbone
   * @param progress receives the number of bytes downloaded, and may cancel the download
   * @throws RetrainException if the download fails or the file is not the published file
   * @throws CancelledException if the user cancelled
   * @throws IOException if a file can't be written
   */
  public void fetchIfMissing(BackboneSpec spec, Progress progress) throws IOException {
    if (!store.isAvailable(spec)) {
      LOG.info("Downloading backbone {} to {}.", spec.name(), store.path());
      download(spec, Optional.empty(), progress);
    }
  }

  /**
   * Installs a backbone from a given archive, from the archive in the backbone directory, or by
   * downloading it. If it is installed already, its graph is verified.
   *
   * @param spec a published backbone
   * @param archive its archive, which is not changed; absent to download
   * @param uri address of the archive; absent for the publisher's address
   * @param progress receives the number of bytes downloaded, and may cancel the download
   * @return whether it was missing
   * @throws RetrainException if the download fails or the file is not the published file; nothing
   *     is unpacked then
   * @throws CancelledException if the user cancelled
   * @throws IOException if a file can't be read or written
   */
  public boolean fetch(
      BackboneSpec spec, Optional<Path> archive, Optional<URI> uri, Progress progress)
      throws IOException {
    if (store.graph(spec).isPresent()) {
      store.read(spec);
      return false;
    }
    if (archive.isPresent()) {
      store.unpack(spec, archive.get());
    } else if (uri.isEmpty() && store.isAvailable(spec)) {
      store.unpack(spec, store.archive(spec));
    } else {
      download(spec, uri, progress);
    }
    return true;
  }

  private void download(BackboneSpec spec, Optional<URI> uri, Progress progress)
      throws IOException {
    Path archive = store.archive(spec);
    RemoteFile source = store.source(spec);
    new Downloader(
            "Copy the archive of %s to %s, or get it with %s or %s.",
            spec.name(), archive, Setting.BACKBONE_ARCHIVE, Setting.BACKBONE_URL)
        .fetchAndUse(
            uri.map(source::at).orElse(source),
            archive,
            // Only the graph is needed.
            file -> store.unpackVerified(spec, file),
            progress);
  }
}
