package dev.retrain.bottleneck.extract;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.ExecutionConfig;
import dev.retrain.bottleneck.extract.Extraction.Loaded;
import dev.retrain.bottleneck.extract.StageTimer.Stage;
import dev.retrain.image.ImageBatch;
import dev.retrain.image.ImageDecoder;
import dev.retrain.image.UnreadableImageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The stage that turns batches of image files into vectors. The thread that calls it decodes the
 * images and runs them through the backbone, so that they are still in its core's cache; several
 * threads may call at once.
 *
 * <p>Owns decoder, session (opened when the first batch comes) and the batches' memory; {@link
 * #close()} frees them.
 */
final class BatchExtractor implements AutoCloseable {
  private final Backbone backbone;
  private final ExecutionConfig execution;
  private final StageTimer clock;
  private final ImageDecoder decoder;
  private final Queue<ImageBatch> idle = new ConcurrentLinkedQueue<>();
  private BackboneSession session;

  BatchExtractor(Backbone backbone, ExecutionConfig execution, StageTimer clock) {
    this.backbone = backbone;
    this.execution = execution;
    this.clock = clock;
    decoder = new ImageDecoder(backbone.preprocessing());
  }

  /**
   * What became of a batch.
   *
   * @param images those that have a vector now
   * @param vectors theirs, [images, vectorLength], flat; absent where there are none
   * @param vectorLength floats in each
   * @param broken those that can't be decoded
   */
  record Computed(
      List<Loaded> images, Optional<float[]> vectors, int vectorLength, List<Broken> broken) {}

  /** An image that can't be decoded, or not in the memory there is, and why. */
  record Broken(Loaded image, Throwable reason) {}

  /**
   * Computes a batch.
   *
   * @param images with their content, {@link ExecutionConfig#batch} at most
   */
  Computed compute(List<Loaded> images) {
    ImageBatch batch = batch(images.size());
    try {
      List<Loaded> whole = new ArrayList<>();
      List<Broken> broken = new ArrayList<>();
      long decoding = System.nanoTime();
      for (Loaded image : images) {
        try {
          decoder.decode(image.content().orElseThrow(), batch, whole.size());
          whole.add(image.withoutContent());
        } catch (UnreadableImageException | OutOfMemoryError e) {
          broken.add(new Broken(image.withoutContent(), e));
        }
      }
      clock.add(Stage.DECODING, decoding);
      if (whole.isEmpty()) {
        return new Computed(whole, Optional.empty(), 0, broken);
      }
      BackboneSession opened = session();
      long running = System.nanoTime();
      // Places that broken images left are run, too, and nobody looks at what comes of them.
      float[] vectors = opened.vectors(batch);
      clock.add(Stage.NETWORK, running);
      return new Computed(whole, Optional.of(vectors), opened.vectorLength(), broken);
    } finally {
      giveBack(batch);
    }
  }

  private ImageBatch batch(int size) {
    ImageBatch batch = size == execution.batch() ? idle.poll() : null;
    return batch == null ? new ImageBatch(size, backbone.preprocessing()) : batch;
  }

  private void giveBack(ImageBatch batch) {
    if (batch.size() == execution.batch()) {
      idle.add(batch);
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
    idle.forEach(ImageBatch::close);
    idle.clear();
    if (session != null) {
      session.close();
      session = null;
    }
  }
}
