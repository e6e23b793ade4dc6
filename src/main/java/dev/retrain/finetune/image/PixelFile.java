package dev.retrain.finetune.image;

import dev.retrain.image.Preprocessing;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.concurrent.OrderedPrefetch;
import dev.retrain.util.concurrent.WorkerPool;
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
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Decoded images of one size in a temporary file, 3 bytes per pixel. Decoding them once is much
 * faster than in every epoch, and the operating system keeps in memory what fits.
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
public final class PixelFile implements AutoCloseable {
  /** Images that are decoded or wait to be written; keeps one thread per core busy. */
  private static final int AHEAD = 4 * WorkerPool.COUNT;

  private final Path file;
  private final int height;
  private final int width;
  private final int[] checksums;
  private final float[] grayMeans;
  private final FileChannel channel;

  private PixelFile(Path file, int images, Preprocessing preprocessing) throws IOException {
    this.file = file;
    height = preprocessing.height();
    width = preprocessing.width();
    checksums = new int[images];
    grayMeans = new float[images];
    channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
  }

  /** Bytes that a file with this many images needs. */
  public static long bytes(int images, Preprocessing preprocessing) {
    return (long) images * preprocessing.imageLength();
  }

  /**
   * Decodes images, with one thread per core.
   *
   * @param directory where the file is; created if it is missing
   * @param images the image files
   * @param preprocessing determines the size, and how files are decoded; its normalization and
   *     variant are not used
   * @param progress counts the images, and may cancel the work
   * @throws RetrainException if an image can't be decoded
   * @throws CancelledException if the user cancelled
   * @throws OutputException if the file can't be written, or the disk lacks the space
   */
  public static PixelFile create(
      Path directory, List<Path> images, Preprocessing preprocessing, Progress progress)
      throws IOException {
    Directories.create(directory);
    checkSpace(directory, bytes(images.size(), preprocessing));
    PixelFile pixels = open(directory, images.size(), preprocessing);
    progress.begin("Decoding", "images", images.size());
    try (PixelDecoder decoder = new PixelDecoder(preprocessing);
        OrderedPrefetch<Path, DecodedImage> decoded =
            new OrderedPrefetch<>(images.iterator(), AHEAD, decoder::decode)) {
      for (int i = 0; decoded.hasNext(); i++) {
        if (progress.cancelled()) {
          throw new CancelledException("Interrupted while images were decoded.");
        }
        pixels.append(i, decoded.next().result().result());
        progress.advance(1);
      }
      return pixels;
    } catch (IOException | RuntimeException | Error e) {
      try (pixels) {
        throw e;
      }
    } finally {
      progress.end();
    }
  }

  private static void checkSpace(Path directory, long bytes) throws IOException {
    long free = Files.getFileStore(directory).getUsableSpace();
    if (free < bytes) {
      throw new RetrainException(
          "The decoded images need %s in %s, where only %s are free. Free some disk space, choose"
              + " another directory, or train at a smaller image size.",
          ByteSize.format(bytes), directory, ByteSize.format(free));
    }
  }

  private static PixelFile open(Path directory, int images, Preprocessing preprocessing)
      throws OutputException {
    Path file = directory.resolve(".pixels." + UUID.randomUUID() + ".part");
    try {
      return new PixelFile(file, images, preprocessing);
    } catch (IOException e) {
      throw OutputException.directory(directory, e);
    }
  }

  private void append(int index, DecodedImage image) throws OutputException {
    checksums[index] = crc(ByteBuffer.wrap(image.rgb()));
    grayMeans[index] = image.grayMean();
    ByteBuffer bytes = ByteBuffer.wrap(image.rgb());
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw OutputException.directory(file.getParent(), e);
    }
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /** The number of images. */
  public int count() {
    return checksums.length;
  }

  /** Rows of an image. */
  public int height() {
    return height;
  }

  /** Columns of an image. */
  public int width() {
    return width;
  }

  /** Bytes of an image: {@code height * width * 3}. */
  public int imageLength() {
    return height * width * 3;
  }

  /** The mean of an image's luminance, 0 to 255. */
  float grayMean(int index) {
    return grayMeans[index];
  }

  /**
   * Reads the pixels of an image.
   *
   * @param index its index
   * @param target receives [height, width, 3] from its position on
   * @throws RetrainException if the file can't be read or is damaged
   */
  public void read(int index, ByteBuffer target) {
    ByteBuffer bytes = target.slice(target.position(), imageLength());
    long position = (long) index * imageLength();
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
        "The temporary file with the decoded images in %s can't be read: %s. Check the disk or"
            + " choose another directory, and train again.",
        file.getParent(),
        reason);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
