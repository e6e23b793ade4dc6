package dev.retrain.util.archive;

import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.io.input.BoundedInputStream;

/** Reads the files of zip archives, and rejects entries that are unsafe to unpack. */
public final class ZipExtractor {
  /** Maximum size of an archive's content in bytes: protects against archive bombs. */
  private static final long MAX_BYTES = 4L << 30;

  private ZipExtractor() {}

  /**
   * Reads the files of an archive in order, after checking all of them.
   *
   * @throws RetrainException if the archive is damaged or unsafe
   * @throws IOException if it does not exist
   */
  public static void forEachFile(Path archive, TarExtractor.FileReader reader) throws IOException {
    ArchiveCheck check = ArchiveCheck.ofDownload(archive);
    try (ZipFile zip = ZipFile.builder().setPath(archive).setIgnoreLocalFileHeader(true).get()) {
      List<ZipArchiveEntry> entries = Collections.list(zip.getEntries());
      check(check, entries);
      for (ZipArchiveEntry entry : entries) {
        if (!entry.isDirectory()) {
          try (InputStream content =
              BoundedInputStream.builder()
                  .setInputStream(zip.getInputStream(entry))
                  .setMaxCount(entry.getSize())
                  .get()) {
            reader.read(check.name(check.decode(entry)), content);
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

  private static void check(ArchiveCheck check, List<ZipArchiveEntry> entries) {
    check.count(entries.size(), TarExtractor.MAX_ENTRIES);
    long bytes = 0;
    for (ZipArchiveEntry entry : entries) {
      String name = check.decode(entry);
      check.name(name);
      check.kind(entry, name);
      bytes += Math.max(0, entry.getSize());
    }
    if (bytes > MAX_BYTES) {
      throw check.rejected("it expands to %,d bytes", bytes);
    }
  }
}
