package dev.retrain.dataset.archive;

import dev.retrain.dataset.archive.ArchiveEntry.Storage;
import dev.retrain.util.RetrainException;
import dev.retrain.util.archive.ArchiveCheck;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/** Lists the files of a tar archive: V7, ustar, GNU and pax. */
final class TarEntries {
  private static final int BLOCK = 512;

  private final ArchiveCheck check;
  private final ArchiveContent content;
  private final long bytes;

  private TarEntries(ArchiveCheck check, ArchiveContent content, long bytes) {
    this.check = check;
    this.content = content;
    this.bytes = bytes;
  }

  /**
   * Lists the files.
   *
   * @param check the archive, for messages
   * @param tar the file to read, which differs from the archive if that is compressed
   * @param content its bytes
   * @param bytes its size
   * @throws RetrainException if it is corrupt or unsafe
   * @throws IOException if it can't be read
   */
  static List<ArchiveEntry> read(ArchiveCheck check, Path tar, ArchiveContent content, long bytes)
      throws IOException {
    try (TarFile file = new TarFile(tar, StandardCharsets.UTF_8.name())) {
      return new TarEntries(check, content, bytes).files(file.getEntries());
    }
  }

  private List<ArchiveEntry> files(List<TarArchiveEntry> entries) throws IOException {
    check.count(entries.size(), ArchiveEntry.MAX_COUNT);
    List<ArchiveEntry> files = new ArrayList<>();
    long end = 0;
    for (TarArchiveEntry entry : entries) {
      String raw = entry.getName();
      if (!entry.isCheckSumOK()) {
        throw check.rejectedEntry(raw, "has a damaged header");
      }
      if (raw.indexOf('\ufffd') >= 0) {
        throw check.notUnicode(raw.replace('\ufffd', '?'), "");
      }
      String name = check.name(raw);
      check.kind(entry);
      if (entry.isSparse()) {
        throw check.rejectedEntry(raw, "is a sparse file, which is not supported");
      }
      end = Math.max(end, entry.getDataOffset() + entry.getSize());
      if (entry.isDirectory()) {
        continue;
      }
      ArchiveEntry file =
          new ArchiveEntry(
              name,
              Storage.TAR,
              entry.getDataOffset(),
              entry.getSize(),
              entry.getSize(),
              OptionalLong.empty());
      file.check(check, bytes);
      files.add(file);
    }
    checkEnd(end);
    return files;
  }

  /** Without it, an archive that is cut between two entries would seem complete. */
  private void checkEnd(long end) throws IOException {
    byte[] block = new byte[BLOCK];
    try {
      content.read((end + BLOCK - 1) / BLOCK * BLOCK, block);
    } catch (EOFException e) {
      throw check.rejected("it is truncated: the mark of its end is missing");
    }
    for (byte b : block) {
      if (b != 0) {
        throw check.rejected("it is damaged: there is no header where an entry should start");
      }
    }
  }
}
