package dev.retrain.dataset.archive;

import dev.retrain.util.RetrainException;
import dev.retrain.util.archive.ArchiveCheck;
import java.util.OptionalLong;

/**
 * A file in an archive.
 *
 * @param name its path in the archive, with {@code /} and without {@code .} and {@code ..}
 * @param storage how it is stored
 * @param offset where it starts in the archive; in a zip archive, where its local header starts
 * @param storedBytes the bytes it takes in the archive, without its headers
 * @param size its size in bytes
 * @param crc32 the checksum of its content; absent in a tar archive
 */
record ArchiveEntry(
    String name, Storage storage, long offset, long storedBytes, long size, OptionalLong crc32) {
  /** How the content of a file is stored. */
  enum Storage {
    /** As it is, at the offset. */
    TAR,
    /** As it is, after a local header. */
    ZIP_STORED,
    /** Compressed with deflate, after a local header. */
    ZIP_DEFLATED
  }

  /** Most entries of an archive; each takes memory. */
  static final int MAX_COUNT = 10_000_000;

  /** Size of a zip archive's local header without name and extra field. */
  static final int LOCAL_HEADER = 30;

  /** Where the entry ends at the earliest. */
  long end() {
    return offset + storedBytes + (storage == Storage.TAR ? 0 : LOCAL_HEADER + name.length());
  }

  /**
   * Checks the sizes.
   *
   * @throws RetrainException if the entry is too large, or lies outside of the archive
   */
  void check(ArchiveCheck check, long archiveBytes) {
    check.size(name, size);
    if (size < 0
        || storedBytes < 0
        || storedBytes > ArchiveCheck.MAX_ENTRY_BYTES
        || offset < 0
        || end() > archiveBytes) {
      throw check.rejectedEntry(name, "lies outside of the archive, which is damaged or truncated");
    }
  }

  /** Tells entries of the same size apart; equal for the same entry of an unchanged archive. */
  long identity(long archive) {
    long mixed = archive * 0x9E3779B97F4A7C15L + offset;
    return mixed * 0x9E3779B97F4A7C15L + crc32.orElse(-1);
  }
}
