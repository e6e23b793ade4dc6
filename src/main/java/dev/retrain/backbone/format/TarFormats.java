package dev.retrain.backbone.format;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Tar archives, compressed by gzip or not, and single files compressed by gzip. */
final class TarFormats {
  private static final String GZIP = "\u001f\u008b";
  private static final int MAGIC_OFFSET = 257;

  /** What follows is not looked at, which bounds the time. */
  private static final int MAX_ENTRIES = 1000;

  private static final long MAX_BYTES = 1L << 30;

  private TarFormats() {}

  static Optional<DetectedFormat> identify(FileSample sample) throws IOException {
    if (sample.has(MAGIC_OFFSET, "ustar")) {
      return Optional.of(
          ZipFormats.archive("a tar archive", names(Files.newInputStream(sample.file()))));
    }
    if (!sample.has(0, GZIP)) {
      return Optional.empty();
    }
    try {
      List<String> names = names(new GZIPInputStream(Files.newInputStream(sample.file()), 1 << 16));
      return Optional.of(
          names.isEmpty()
              ? Remedies.unpack("compressed by gzip")
              : ZipFormats.archive("a tar.gz archive", names));
    } catch (IOException e) {
      return Optional.of(Remedies.failedDownload("a damaged or incomplete gzip file"));
    }
  }

  /** The first entries; empty if it is not a tar archive. */
  private static List<String> names(InputStream stream) throws IOException {
    List<String> names = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(stream);
        TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
      TarArchiveEntry entry = tar.getNextEntry();
      while (entry != null && names.size() < MAX_ENTRIES && tar.getBytesRead() < MAX_BYTES) {
        names.add(entry.getName());
        entry = tar.getNextEntry();
      }
    } catch (IOException | IllegalArgumentException e) {
      if (names.isEmpty()) {
        return List.of();
      }
    }
    return names;
  }
}
