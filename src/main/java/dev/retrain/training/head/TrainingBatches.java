package dev.retrain.training.head;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.training.batch.BatchTensors;
import dev.retrain.training.batch.TargetFormat;
import dev.retrain.util.concurrent.PendingResult;
import dev.retrain.util.concurrent.WorkerPool;
import java.util.function.Supplier;

/**
 * The batches of a training, in order. While one batch is in use, a background thread reads the
 * next, which hides the latency of vectors that are in a file.
 *
 * <p>Owns that thread and the tensors; {@link #close()} frees them.
 */
final class TrainingBatches implements AutoCloseable {
  private final Vectors vectors;
  private final TargetFormat format;
  private final Supplier<int[]> sampler;
  private final WorkerPool worker = new WorkerPool(1);

  /** Double buffer; used only by the worker thread, and by {@link #close()} after it has ended. */
  private final BatchTensors[] buffers = new BatchTensors[2];

  private int nextBuffer;
  private PendingResult<BatchTensors> next;

  /**
   * Starts to read the first batch.
   *
   * @param vectors the training vectors
   * @param format how labels and weights are fed
   * @param sampler the indices of each batch's vectors; called on the background thread
   */
  TrainingBatches(Vectors vectors, TargetFormat format, Supplier<int[]> sampler) {
    this.vectors = vectors;
    this.format = format;
    this.sampler = sampler;
    prefetch();
  }

  /** The next batch; valid until the next call. */
  BatchTensors next() {
    BatchTensors batch = next.join();
    prefetch();
    return batch;
  }

  private void prefetch() {
    int buffer = nextBuffer;
    nextBuffer = 1 - nextBuffer;
    next = worker.submit(() -> fill(buffer));
  }

  private BatchTensors fill(int buffer) {
    int[] indices = sampler.get();
    BatchTensors batch = buffers[buffer];
    if (batch == null || batch.size() != indices.length) {
      if (batch != null) {
        batch.close();
      }
      // So that close() does not close it again if the allocation fails.
      buffers[buffer] = null;
      batch = new BatchTensors(vectors, format, indices.length);
      buffers[buffer] = batch;
    }
    batch.fill(indices);
    return batch;
  }

  @Override
  public void close() {
    worker.close();
    for (BatchTensors batch : buffers) {
      if (batch != null) {
        batch.close();
      }
    }
  }
}
