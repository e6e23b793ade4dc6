package dev.retrain.util.parquet;

import dev.retrain.util.RetrainException;
import dev.retrain.util.io.RegularFile;
import dev.retrain.util.text.Counted;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;

/** A Parquet file and its metadata, which are at its end. Owns the open file. */
final class ParquetFile implements AutoCloseable {
  /** The first and the last bytes of a Parquet file. */
  static final String MAGIC = "PAR1";

  private static final String ENCRYPTED_MAGIC = "PARE";

  /** Length of the metadata and magic bytes. */
  private static final int TAIL = Integer.BYTES + MAGIC.length();

  private final Path path;
  private final FileChannel channel;
  private final long end;
  private final FileMetaData metaData;

  private ParquetFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    long size = channel.size();
    if (size == 0) {
      throw new RetrainException("%s is empty; it must be a Parquet file.", path);
    }
    checkMagic(size);
    if (size < MAGIC.length() + TAIL) {
      throw cutOff();
    }
    ByteBuffer tail = read(size - TAIL, TAIL).order(ByteOrder.LITTLE_ENDIAN);
    int length = tail.getInt();
    if (!text(tail).equals(MAGIC)) {
      throw cutOff();
    }
    end = size - TAIL - length;
    if (length <= 0 || end < MAGIC.length()) {
      throw damaged(
          String.format(Locale.ROOT, "the length of its metadata is %,d bytes", length), null);
    }
    metaData = metaData(read(end, length).array());
  }

  /**
   * Opens a file and reads its metadata.
   *
   * @throws RetrainException if it is not a Parquet file, cut off, damaged or encrypted
   * @throws IOException if it can't be read, or is a pipe or a device
   */
  static ParquetFile open(Path path) throws IOException {
    RegularFile.attributes(path);
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new ParquetFile(path, channel);
    } catch (IOException | RuntimeException | Error e) {
      try (channel) {
        throw e;
      }
    }
  }

  private void checkMagic(long size) throws IOException {
    String magic = text(read(0, (int) Math.min(size, MAGIC.length())));
    if (magic.equals(ENCRYPTED_MAGIC)) {
      throw encrypted();
    }
    if (!magic.equals(MAGIC)) {
      throw new RetrainException(
          "%s is not a Parquet file; give it the extension of its format.", path);
    }
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.ISO_8859_1.decode(bytes).toString();
  }

  private FileMetaData metaData(byte[] bytes) {
    FileMetaData read;
    try {
      // No list in it can have more elements than it has bytes.
      read = Util.readFileMetaData(new ByteArrayInputStream(bytes), bytes.length);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      throw damaged("its metadata can't be read", e);
    }
    if (read.isSetEncryption_algorithm()) {
      throw encrypted();
    }
    long leaves = read.getSchema().stream().filter(SchemaElement::isSetType).count();
    for (RowGroup group : read.getRow_groups()) {
      if (group.getColumns().size() != leaves) {
        throw damaged(
            String.format(
                Locale.ROOT,
                "a row group has %s, the schema %,d",
                Counted.of(group.getColumns().size(), "column"),
                leaves),
            null);
      }
      if (group.getNum_rows() < 0) {
        throw damaged(
            String.format(Locale.ROOT, "a row group has %,d rows", group.getNum_rows()), null);
      }
      for (ColumnChunk chunk : group.getColumns()) {
        if (!chunk.isSetMeta_data() || chunk.isSetCrypto_metadata()) {
          throw encrypted();
        }
      }
    }
    return read;
  }

  /** The path of the file. */
  Path path() {
    return path;
  }

  /** Schema, row groups and where their columns are. */
  FileMetaData metaData() {
    return metaData;
  }

  /** Where the metadata starts, and the data ends, in bytes. */
  long end() {
    return end;
  }

  /**
   * Reads some bytes.
   *
   * @param offset from the start of the file
   * @param length number of bytes
   * @throws IOException if the file ends before
   */
  ByteBuffer read(long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw new EOFException("the file ends early");
      }
    }
    return bytes.flip();
  }

  /** Bytes as a stream, which needs not be closed. */
  InputStream stream(long offset, long length) {
    return new InputStream() {
      private long position = offset;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int start, int count) throws IOException {
        int wanted = (int) Math.min(count, offset + length - position);
        if (wanted <= 0) {
          return count == 0 ? 0 : -1;
        }
        int read = channel.read(ByteBuffer.wrap(bytes, start, wanted), position);
        position += Math.max(0, read);
        return read;
      }
    };
  }

  private RetrainException encrypted() {
    return new RetrainException("%s is encrypted; write it without encryption.", path);
  }

  private RetrainException cutOff() {
    return new RetrainException(
        "%s is incomplete: the end of the file is missing. Write or copy it again.", path);
  }

  /** The exception for a file whose content contradicts itself. */
  RetrainException damaged(String what, Throwable cause) {
    return new RetrainException(cause, "%s is damaged: %s. Write or copy it again.", path, what);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
