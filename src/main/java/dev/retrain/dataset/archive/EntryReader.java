package dev.retrain.dataset.archive;

import dev.retrain.dataset.archive.ArchiveEntry.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Reads the content of entries, and checks it. */
final class EntryReader {
  private static final int LOCAL_HEADER_SIGNATURE = 0x04034b50;
  private static final int NAME_LENGTH = 26;
  private static final int EXTRA_LENGTH = 28;

  private EntryReader() {}

  /**
   * Reads an entry.
   *
   * @param content the archive's bytes
   * @param entry the entry
   * @throws IOException if it can't be read, is damaged, or is too large for the memory
   */
  static byte[] read(ArchiveContent content, ArchiveEntry entry) throws IOException {
    if (entry.size() > Runtime.getRuntime().maxMemory() / 4) {
      throw new IOException(
          String.format(Locale.ROOT, "its %,d bytes are too large for the memory", entry.size()));
    }
    byte[] stored = new byte[Math.toIntExact(entry.storedBytes())];
    content.read(start(content, entry), stored);
    byte[] bytes =
        entry.storage() == Storage.ZIP_DEFLATED
            ? inflate(stored, Math.toIntExact(entry.size()))
            : stored;
    if (entry.crc32().isPresent()) {
      CRC32 crc = new CRC32();
      crc.update(bytes);
      if (crc.getValue() != entry.crc32().getAsLong()) {
        throw new IOException("it is damaged in the archive (its checksum is wrong)");
      }
    }
    return bytes;
  }

  private static long start(ArchiveContent content, ArchiveEntry entry) throws IOException {
    if (entry.storage() == Storage.TAR) {
      return entry.offset();
    }
    byte[] bytes = new byte[ArchiveEntry.LOCAL_HEADER];
    content.read(entry.offset(), bytes);
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (header.getInt(0) != LOCAL_HEADER_SIGNATURE) {
      throw new IOException("it is damaged in the archive (its header is missing)");
    }
    return entry.offset()
        + ArchiveEntry.LOCAL_HEADER
        + Short.toUnsignedInt(header.getShort(NAME_LENGTH))
        + Short.toUnsignedInt(header.getShort(EXTRA_LENGTH));
  }

  private static byte[] inflate(byte[] stored, int size) throws IOException {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(stored);
      byte[] bytes = new byte[size];
      int count = 0;
      while (count < size) {
        int more = inflater.inflate(bytes, count, size - count);
        if (more == 0) {
          throw new IOException("it is damaged in the archive (it ends too early)");
        }
        count += more;
      }
      if (inflater.inflate(new byte[1]) != 0) {
        throw new IOException("it is damaged in the archive (it is larger than stated)");
      }
      return bytes;
    } catch (DataFormatException e) {
      throw new IOException("it is damaged in the archive (%s)".formatted(e.getMessage()), e);
    } finally {
      inflater.end();
    }
  }
}
