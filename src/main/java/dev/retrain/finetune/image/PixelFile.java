package dev.retrain.finetune.image;

import dev.retrain.image.Preprocessing;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.concurrent.OrderedPrefetch;
import dev.retrain.util.concurrent.WorkerPool;
import dev.retrain.util.io.OutputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * Decoded images of one size in a temporary file, 3 bytes per pixel. Decoding them once is much
 * faster than in every epoch.
 *
 * <p>Owns the file; several threads may read at once.
 */
public final class PixelFile implements AutoCloseable {
  /** Images that are decoded or wait to be written; keeps one thread per core busy. */
  private static final int AHEAD = 4 * WorkerPool.COUNT;

  private final RecordFile records;
  private final int height;
  private final int width;
  private final float[] grayMeans;

  private PixelFile(RecordFile records, Preprocessing preprocessing) {
    this.records = records;
    height = preprocessing.height();
    width = preprocessing.width();
    grayMeans = new float[records.count()];
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
    RecordFile records =
        RecordFile.create(directory, "decoded images", images.size(), preprocessing.imageLength());
    PixelFile pixels = new PixelFile(records, preprocessing);
    progress.begin("Decoding", "images", images.size());
    try (PixelDecoder decoder = new PixelDecoder(preprocessing);
        OrderedPrefetch<Path, PixelDecoder.Decoded> decoded =
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

  private void append(int index, PixelDecoder.Decoded image) throws OutputException {
    grayMeans[index] = image.grayMean();
    records.append(ByteBuffer.wrap(image.rgb()));
  }

  /** The number of images. */
  public int count() {
    return records.count();
  }

  /** Rows of an image. */
  public int height() {
    return height;
  }

  /** Columns of an image. */
  public int width() {
    return width;
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
    records.read(index, target);
  }

  @Override
  public void close() throws IOException {
    records.close();
  }
}
