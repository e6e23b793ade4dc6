package dev.retrain.backbone.savedmodel.file;

import dev.retrain.fetch.TarExtractor;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Reads the files of zip archives, and rejects entries that are unsafe to unpack. */
final class ZipReader {
  /** Maximum size of an archive's content in bytes: protects against archive bombs. */
  private static final long MAX_BYTES = 4L << 30;

  private static final int MAX_ENTRIES = 100_000;

  private ZipReader() {}

  /**
   * Reads the files of an archive in order.
   *
   * @throws RetrainException if the archive is damaged or unsafe
   * @throws IOException if it does not exist
   */
  static void forEachFile(Path archive, TarExtractor.FileReader reader) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      List<? extends ZipEntry> entries = Collections.list(zip.entries());
      long bytes = entries.stream().mapToLong(entry -> Math.max(0, entry.getSize())).sum();
      if (entries.size() > MAX_ENTRIES || bytes > MAX_BYTES) {
        throw rejected(archive, "it is too large");
      }
      for (ZipEntry entry : entries) {
        if (isOutside(entry.getName())) {
          throw rejected(archive, "one of its entries leads out of the archive");
        }
        if (!entry.isDirectory()) {
          try (InputStream content = zip.getInputStream(entry)) {
            reader.read(entry.getName(), content);
          }
        }
      }
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new RetrainException(
          e, "%s is not a complete zip archive (%s). Download it again.", archive, e.getMessage());
    }
  }

  private static RetrainException rejected(Path archive, String reason) {
    return new RetrainException(
        "%s is rejected: %s. Download the archive from its publisher again.", archive, reason);
  }

  private static boolean isOutside(String name) {
    try {
      return name.startsWith("/")
          || name.indexOf('\\') >= 0
          || name.codePoints().anyMatch(Character::isISOControl)
          || Path.of(name).normalize().startsWith("..");
    } catch (InvalidPathException e) {
      return true;
    }
  }
}
