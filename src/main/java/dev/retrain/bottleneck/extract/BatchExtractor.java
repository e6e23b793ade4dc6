package dev.retrain.bottleneck.extract;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.ExecutionConfig;
import dev.retrain.bottleneck.extract.StageTimer.Stage;
import dev.retrain.image.ImageBatch;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.ImageDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Computes the vectors of batches of image files. The calling thread decodes the images and runs
 * them through the backbone, so that they stay in its core's cache. Thread-safe.
 *
 * <p>Owns the decoder, the session (opened with the first batch) and the memory of the batches;
 * {@link #close()} frees them.
 */
final class BatchExtractor implements AutoCloseable {
  private final Backbone backbone;
  private final ExecutionConfig execution;
  private final StageTimer timer;
  private final ImageDecoder decoder;
  private final StretchedImages stretched;
  private final Queue<ImageBatch> unused = new ConcurrentLinkedQueue<>();
  private BackboneSession session;

  BatchExtractor(Backbone backbone, ExecutionConfig execution, StageTimer timer) {
    this.backbone = backbone;
    this.execution = execution;
    this.timer = timer;
    decoder = new ImageDecoder(backbone.preprocessing());
    stretched = new StretchedImages(backbone.preprocessing());
  }

  /**
   * The outcome of a batch.
   *
   * @param images images that were decoded, in order
   * @param vectors their vectors, [images, vectorLength], flat; absent if there are none
   * @param vectorLength floats in a vector
   * @param undecodable the other images
   */
  record Computed(
      List<LoadedImage> images,
      Optional<float[]> vectors,
      int vectorLength,
      List<Undecodable> undecodable) {}

  /**
   * An image that can't be decoded, or not in the available memory.
   *
   * @param image the image
   * @param reason the exception
   */
  record Undecodable(LoadedImage image, Throwable reason) {}

  /**
   * Computes the vectors of a batch.
   *
   * @param images images with their content, at most {@link ExecutionConfig#batch}
   */
  Computed compute(List<LoadedImage> images) {
    ImageBatch batch = takeBatch(images.size());
    try {
      List<LoadedImage> decoded = new ArrayList<>();
      List<Undecodable> undecodable = new ArrayList<>();
      long decoding = System.nanoTime();
      for (LoadedImage image : images) {
        try {
          decoder.decode(image.content().orElseThrow(), batch, decoded.size());
          stretched.add(image);
          decoded.add(image.withoutContent());
        } catch (UnreadableImageException | OutOfMemoryError e) {
          undecodable.add(new Undecodable(image.withoutContent(), e));
        }
      }
      timer.add(Stage.DECODING, decoding);
      if (decoded.isEmpty()) {
        return new Computed(decoded, Optional.empty(), 0, undecodable);
      }
      BackboneSession opened = session();
      long running = System.nanoTime();
      // Rows after the decoded images are computed, too, and ignored.
      float[] vectors = opened.vectors(batch);
      timer.add(Stage.NETWORK, running);
      return new Computed(decoded, Optional.of(vectors), opened.vectorLength(), undecodable);
    } finally {
      returnBatch(batch);
    }
  }

  private ImageBatch takeBatch(int size) {
    ImageBatch batch = size == execution.batch() ? unused.poll() : null;
    return batch == null ? new ImageBatch(size, backbone.preprocessing()) : batch;
  }

  private void returnBatch(ImageBatch batch) {
    if (batch.size() == execution.batch()) {
      unused.add(batch);
    } else {
      batch.close();
    }
  }

  private synchronized BackboneSession session() {
    if (session == null) {
      session = execution.open(backbone);
    }
    return session;
  }

  @Override
  public synchronized void close() {
    decoder.close();
    stretched.warn();
    unused.forEach(ImageBatch::close);
    unused.clear();
    if (session != null) {
      session.close();
      session = null;
    }
  }
}
