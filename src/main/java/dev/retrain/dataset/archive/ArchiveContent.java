package dev.retrain.dataset.archive;

import dev.retrain.util.RetrainException;
import dev.retrain.util.io.RegularFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;

/** The bytes of an archive; any number of threads may read them. */
@FunctionalInterface
interface ArchiveContent {
  /**
   * Reads bytes.
   *
   * @param position where they start
   * @param target filled completely
   * @throws IOException if they can't be read, or the archive ends before
   */
  void read(long position, byte[] target) throws IOException;

  /**
   * A file. It is opened for each read, like a file of an image, so threads don't wait for one
   * another and nothing must be closed.
   *
   * @param file the file
   * @param attributes its attributes when its entries were listed; the offsets of the entries are
   *     wrong after any change
   */
  static ArchiveContent of(Path file, Map<String, Object> attributes) {
    return (position, target) -> {
      if (!RegularFile.attributeMap(file).equals(attributes)) {
        throw new RetrainException(
            "%s was changed while it was being read. Wait until it is complete, and run the command"
                + " again.",
            file);
      }
      try (FileChannel channel = FileChannel.open(file)) {
        ByteBuffer buffer = ByteBuffer.wrap(target);
        while (buffer.hasRemaining()) {
          int count = channel.read(buffer, position + buffer.position());
          if (count < 0) {
            throw new EOFException("the archive ends too early");
          }
        }
      }
    };
  }

  /**
   * A file that the caller deletes right after this call, so that its space is free when the
   * process ends, however it ends. A system that can't delete an open file deletes it at the end.
   *
   * @param file the file
   * @throws IOException if it can't be opened
   */
  static ArchiveContent ofTemporary(Path file) throws IOException {
    // Unlike a FileChannel, it stays open if a reading thread is interrupted. Java closes it when
    // nothing refers to it.
    RandomAccessFile open = new RandomAccessFile(file.toFile(), "r");
    file.toFile().deleteOnExit();
    return (position, target) -> {
      synchronized (open) {
        open.seek(position);
        open.readFully(target);
      }
    };
  }
}
