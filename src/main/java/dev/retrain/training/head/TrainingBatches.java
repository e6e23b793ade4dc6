package dev.retrain.training.head;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.util.concurrent.PendingResult;
import dev.retrain.util.concurrent.WorkerPool;
import java.util.function.Supplier;

/**
 * The batches of a training, in their order: while one is in use, the next is gathered on a thread
 * of its own, which hides the way to vectors that lie in a file.
 *
 * <p>Owns that thread and the tensors; {@link #close()} frees them.
 */
final class TrainingBatches implements AutoCloseable {
  private final Vectors vectors;
  private final Supplier<int[]> draws;
  private final WorkerPool beside = new WorkerPool(1);

  /** Written on that thread alone, until it has ended. */
  private final BatchTensors[] places = new BatchTensors[2];

  private int place;
  private PendingResult<BatchTensors> next;

  /**
   * Begins with the first batch.
   *
   * @param vectors what they are of
   * @param draws what is in each; called on another thread
   */
  TrainingBatches(Vectors vectors, Supplier<int[]> draws) {
    this.vectors = vectors;
    this.draws = draws;
    gather();
  }

  /** The next batch, which stays as it is until the one after it is asked for. */
  BatchTensors next() {
    BatchTensors batch = next.join();
    gather();
    return batch;
  }

  private void gather() {
    int free = place;
    place = 1 - place;
    next = beside.submit(() -> fill(free));
  }

  private BatchTensors fill(int free) {
    int[] indices = draws.get();
    BatchTensors batch = places[free];
    if (batch == null || batch.size() != indices.length) {
      if (batch != null) {
        batch.close();
      }
      // Nothing to close where there is no memory for the other.
      places[free] = null;
      batch = new BatchTensors(vectors, indices.length);
      places[free] = batch;
    }
    batch.fill(indices);
    return batch;
  }

  @Override
  public void close() {
    beside.close();
    for (BatchTensors batch : places) {
      if (batch != null) {
        batch.close();
      }
    }
  }
}
