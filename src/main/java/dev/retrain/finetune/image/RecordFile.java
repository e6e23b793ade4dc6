package dev.retrain.finetune.image;

import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.ByteSize;
import dev.retrain.util.io.Directories;
import dev.retrain.util.io.IoReason;
import dev.retrain.util.io.OutputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A temporary file of records of equal size; the operating system keeps in memory what fits.
 *
 * <p>The file is deleted as soon as it is open, so that not even a killed process leaves it: its
 * space is freed when the process ends. On systems where open files can't be deleted, the system
 * deletes it at that time.
 *
 * <p>Reads are positional, and every one verifies a checksum. A memory-mapped page that can't be
 * read would end the process without a message, and mapped pages count as the process's memory.
 *
 * <p>Owns the file; several threads may read at once.
 */
final class RecordFile implements AutoCloseable {
  private final Path directory;
  private final String content;
  private final int recordBytes;
  private final int[] checksums;
  private final FileChannel channel;
  private int written;

  private RecordFile(
      Path directory, String content, int records, int recordBytes, FileChannel channel) {
    this.directory = directory;
    this.content = content;
    this.recordBytes = recordBytes;
    this.channel = channel;
    checksums = new int[records];
  }

  /**
   * Creates a file.
   *
   * @param directory where it is; created if it is missing
   * @param content what it contains, for messages: {@code decoded images}
   * @param records number of records
   * @param recordBytes bytes of a record
   * @throws RetrainException if the disk lacks the space
   * @throws OutputException if the file can't be created
   */
  static RecordFile create(Path directory, String content, int records, int recordBytes)
      throws IOException {
    Directories.create(directory);
    long bytes = (long) records * recordBytes;
    long free = Files.getFileStore(directory).getUsableSpace();
    if (free < bytes) {
      throw new RetrainException(
          "The %s need %s in %s, but only %s is free. Free some disk space, choose"
              + " another directory with %s, or reduce %s.",
          content,
          ByteSize.format(bytes),
          directory,
          ByteSize.format(free),
          Setting.OUTPUT_GRAPH,
          Setting.TRAIN_SIZE);
    }
    Path file = directory.resolve(".retrain." + UUID.randomUUID() + ".part");
    try {
      FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      return new RecordFile(directory, content, records, recordBytes, channel);
    } catch (IOException e) {
      throw OutputException.directory(directory, e);
    }
  }

  /** The number of records. */
  int count() {
    return checksums.length;
  }

  /** Appends a record: the remaining bytes of a buffer. */
  void append(ByteBuffer record) throws OutputException {
    checksums[written++] = crc(record.duplicate());
    try {
      while (record.hasRemaining()) {
        channel.write(record);
      }
    } catch (IOException e) {
      throw OutputException.directory(directory, e);
    }
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /**
   * Reads a record.
   *
   * @param index its index
   * @param target receives it from its position on; its position does not change
   * @throws RetrainException if the file can't be read or is damaged
   */
  void read(int index, ByteBuffer target) {
    ByteBuffer bytes = target.slice(target.position(), recordBytes);
    long position = (long) index * recordBytes;
    try {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, position + bytes.position()) < 0) {
          throw damaged("it is truncated", null);
        }
      }
    } catch (IOException e) {
      throw damaged(IoReason.of(e), e);
    }
    if (crc(bytes.flip()) != checksums[index]) {
      throw damaged("its content has changed", null);
    }
  }

  private RetrainException damaged(String reason, IOException cause) {
    return new RetrainException(
        cause,
        "The temporary file with the %s in %s can't be read: %s. Check the disk or choose another"
            + " directory, and train again.",
        content,
        directory,
        reason);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
