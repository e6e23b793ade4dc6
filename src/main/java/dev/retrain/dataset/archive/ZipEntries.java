package dev.retrain.dataset.archive;

import dev.retrain.dataset.archive.ArchiveEntry.Storage;
import dev.retrain.util.RetrainException;
import dev.retrain.util.archive.ArchiveCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;

/**
 * Lists the files of a zip archive from its central directory, zip64 included.
 *
 * <p>Names are UTF-8, whether or not they are marked as such: the specification's other encoding,
 * code page 437, is what most programs that don't write UTF-8 do not write either.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE.TXT</a>
 */
final class ZipEntries {
  private final ArchiveCheck check;

  private ZipEntries(ArchiveCheck check) {
    this.check = check;
  }

  /**
   * Lists the files.
   *
   * @param check the archive
   * @param bytes its size
   * @throws RetrainException if it is corrupt or unsafe
   * @throws IOException if it can't be read
   */
  static List<ArchiveEntry> read(ArchiveCheck check, long bytes) throws IOException {
    ZipEntries reader = new ZipEntries(check);
    try (ZipFile zip =
        ZipFile.builder().setPath(check.archive()).setIgnoreLocalFileHeader(true).get()) {
      return reader.files(Collections.list(zip.getEntries()), bytes);
    }
  }

  private List<ArchiveEntry> files(List<ZipArchiveEntry> entries, long bytes) {
    check.count(entries.size(), ArchiveEntry.MAX_COUNT);
    List<ArchiveEntry> files = new ArrayList<>();
    for (ZipArchiveEntry entry : entries) {
      String raw = check.decode(entry);
      String name = check.name(raw);
      check.kind(entry, raw);
      if (entry.getDiskNumberStart() != 0) {
        throw check.rejected("it is one part of an archive of several files");
      }
      if (raw.endsWith("/")) {
        continue;
      }
      checkContent(entry, raw);
      ArchiveEntry file =
          new ArchiveEntry(
              name,
              entry.getMethod() == ZipEntry.STORED ? Storage.ZIP_STORED : Storage.ZIP_DEFLATED,
              entry.getLocalHeaderOffset(),
              entry.getCompressedSize(),
              entry.getSize(),
              OptionalLong.of(entry.getCrc()));
      file.check(check, bytes);
      files.add(file);
    }
    return files;
  }

  private void checkContent(ZipArchiveEntry entry, String name) {
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      throw check.rejectedEntry(name, "is encrypted");
    }
    int method = entry.getMethod();
    if (method != ZipEntry.STORED && method != ZipEntry.DEFLATED) {
      ZipMethod known = ZipMethod.getMethodByCode(method);
      throw check.rejectedEntry(
          name,
          "is compressed by a method that is not supported (%s)",
          known == null || known == ZipMethod.UNKNOWN ? "number " + method : known);
    }
    if (method == ZipEntry.STORED && entry.getSize() != entry.getCompressedSize()) {
      throw check.rejectedEntry(name, "has two different sizes");
    }
  }
}
