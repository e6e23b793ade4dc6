package dev.retrain.finetune.image;

import dev.retrain.image.Normalization;
import dev.retrain.image.Preprocessing;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.concurrent.OrderedPrefetch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decoded images of one size in a memory-mapped file, 3 bytes a pixel. The operating system keeps
 * in memory what fits.
 *
 * <p>Owns the file; {@link #close()} deletes it.
 */
public final class PixelFile implements AutoCloseable {
  private static final int MAX_SEGMENT = 1 << 30;

  private final Path file;
  private final int imageLength;
  private final int imagesPerSegment;
  private final List<MappedByteBuffer> segments = new ArrayList<>();

  private PixelFile(Path file, int imageLength) {
    this.file = file;
    this.imageLength = imageLength;
    imagesPerSegment = Math.max(1, MAX_SEGMENT / imageLength);
  }

  /**
   * Decodes images.
   *
   * @param directory where the file is created
   * @param images the image files
   * @param preprocessing determines the size, and how files are decoded
   * @param progress counts the images
   * @throws RetrainException if an image can't be decoded any more
   * @throws IOException if a file can't be read or written
   */
  public static PixelFile create(
      Path directory, List<Path> images, Preprocessing preprocessing, Progress progress)
      throws IOException {
    Preprocessing bytes =
        new Preprocessing(
            preprocessing.height(),
            preprocessing.width(),
            Normalization.of(0, 1),
            preprocessing.resize(),
            preprocessing.jpegScale(),
            Optional.empty(),
            preprocessing.pixelLimit());
    PixelFile pixels =
        new PixelFile(
            Files.createTempFile(directory, "pixels-", ".part"), preprocessing.imageLength());
    progress.begin("Decoding", "images", images.size());
    try (FileChannel channel =
            FileChannel.open(pixels.file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        ImageDecoder decoder = new ImageDecoder(bytes);
        OrderedPrefetch<Path, byte[]> decoded =
            new OrderedPrefetch<>(images.iterator(), 64, image -> decode(decoder, image))) {
      while (decoded.hasNext()) {
        ByteBuffer image = ByteBuffer.wrap(decoded.next().result().result());
        while (image.hasRemaining()) {
          channel.write(image);
        }
        progress.advance(1);
      }
      pixels.map(channel, images.size());
      return pixels;
    } catch (IOException | RuntimeException | Error e) {
      pixels.close();
      throw e;
    } finally {
      progress.end();
    }
  }

  private static byte[] decode(ImageDecoder decoder, Path image) throws IOException {
    try {
      return quantize(decoder.decode(Files.readAllBytes(image)));
    } catch (UnreadableImageException e) {
      throw new RetrainException(
          e, "%s can't be decoded any more: %s. Start again.", image, e.getMessage());
    }
  }

  private static byte[] quantize(float[] image) {
    byte[] bytes = new byte[image.length];
    for (int i = 0; i < image.length; i++) {
      bytes[i] = (byte) Math.round(image[i]);
    }
    return bytes;
  }

  private void map(FileChannel channel, int images) throws IOException {
    for (int first = 0; first < images; first += imagesPerSegment) {
      long length = (long) Math.min(imagesPerSegment, images - first) * imageLength;
      segments.add(channel.map(FileChannel.MapMode.READ_ONLY, (long) first * imageLength, length));
    }
  }

  /** The bytes of one image, [height, width, 3]. */
  public ByteBuffer image(int index) {
    return segments
        .get(index / imagesPerSegment)
        .slice(index % imagesPerSegment * imageLength, imageLength);
  }

  @Override
  public void close() throws IOException {
    segments.clear();
    Files.deleteIfExists(file);
  }
}
