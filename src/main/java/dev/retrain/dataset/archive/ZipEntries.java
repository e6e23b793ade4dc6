package dev.retrain.dataset.archive;

import dev.retrain.dataset.archive.ArchiveEntry.Storage;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry.NameSource;
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
  private static final int FILE_TYPE = 0170000;
  private static final int REGULAR = 0100000;
  private static final int DIRECTORY = 0040000;

  private final EntryCheck check;

  private ZipEntries(EntryCheck check) {
    this.check = check;
  }

  /**
   * Lists the files.
   *
   * @param archive the archive
   * @param bytes its size
   * @throws RetrainException if it is corrupt or unsafe
   * @throws IOException if it can't be read
   */
  static List<ArchiveEntry> read(Path archive, long bytes) throws IOException {
    ZipEntries reader = new ZipEntries(new EntryCheck(archive));
    try (ZipFile zip = ZipFile.builder().setPath(archive).setIgnoreLocalFileHeader(true).get()) {
      return reader.files(Collections.list(zip.getEntries()), bytes);
    }
  }

  private List<ArchiveEntry> files(List<ZipArchiveEntry> entries, long bytes) {
    check.count(entries.size());
    List<ArchiveEntry> files = new ArrayList<>();
    for (ZipArchiveEntry entry : entries) {
      String raw = rawName(entry);
      String name = check.name(raw);
      checkKind(entry, raw);
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
      check.size(file, bytes);
      files.add(file);
    }
    return files;
  }

  private String rawName(ZipArchiveEntry entry) {
    if (entry.getNameSource() == NameSource.UNICODE_EXTRA_FIELD) {
      return entry.getName();
    }
    String name = check.decode(entry.getRawName());
    // Some programs on Windows, such as PowerShell 5, separate folders with backslashes.
    boolean windows = entry.getPlatform() == ZipArchiveEntry.PLATFORM_FAT && name.indexOf('/') < 0;
    return windows ? name.replace('\\', '/') : name;
  }

  private void checkKind(ZipArchiveEntry entry, String name) {
    int type = entry.getUnixMode() & FILE_TYPE;
    if (entry.isUnixSymlink()
        || (entry.getPlatform() == ZipArchiveEntry.PLATFORM_UNIX
            && type != 0
            && type != REGULAR
            && type != DIRECTORY)) {
      throw check.rejectedEntry(name, "is a link or a device, not a file");
    }
    if (entry.getDiskNumberStart() != 0) {
      throw check.rejected("it is one part of an archive of several files");
    }
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
