package dev.retrain.finetune;

import dev.retrain.finetune.checkpoint.CheckpointFile;
import dev.retrain.finetune.checkpoint.CheckpointHeader;
import dev.retrain.finetune.checkpoint.CheckpointTensor;
import dev.retrain.finetune.graph.VariableSnapshot;
import dev.retrain.util.concurrent.SerialWorker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes the checkpoints of a training while it continues.
 *
 * <p>Owns a thread; {@link #close()} waits until everything is written.
 */
final class CheckpointWriter implements AutoCloseable {
  static final String VARIABLE = "variable/";

  /** A state of the training; owns the snapshot. */
  private record Item(
      CheckpointHeader header, VariableSnapshot snapshot, Optional<EvaluatedValues> best) {}

  private final Checkpointing checkpointing;
  private final SerialWorker<Item> worker;
  private long last = System.nanoTime();

  // Written by the worker's thread.
  private volatile IOException failure;

  CheckpointWriter(Checkpointing checkpointing) {
    this.checkpointing = checkpointing;
    worker = new SerialWorker<>("fine-tune-checkpoint", 1, this::writeLast);
  }

  /** The checkpoint. */
  Path file() {
    return checkpointing.file();
  }

  /** Whether the interval since the last checkpoint has passed. */
  boolean due() {
    return System.nanoTime() - last >= checkpointing.interval().toNanos();
  }

  /**
   * Starts to write a checkpoint.
   *
   * @param snapshot the variables; this object closes it
   * @param best the best epoch, if there is one
   */
  void write(CheckpointHeader header, VariableSnapshot snapshot, Optional<EvaluatedValues> best) {
    last = System.nanoTime();
    worker.put(new Item(header, snapshot, best));
  }

  private void writeLast(List<Item> items) {
    Item item = items.get(items.size() - 1);
    List<CheckpointTensor> tensors = new ArrayList<>();
    VariableSnapshot snapshot = item.snapshot();
    for (String name : snapshot.names()) {
      tensors.add(
          new CheckpointTensor(
              VARIABLE + name,
              snapshot.length(name),
              (from, target, count) -> snapshot.copy(name, from, target, count)));
    }
    item.best().ifPresent(best -> tensors.addAll(best.tensors()));
    try {
      CheckpointFile.write(checkpointing.file(), item.header(), tensors);
      failure = null;
    } catch (IOException e) {
      failure = e;
    } finally {
      items.forEach(one -> one.snapshot().close());
    }
  }

  /** Why the last checkpoint could not be written, if so; each failure is returned once. */
  Optional<IOException> takeFailure() {
    IOException taken = failure;
    failure = null;
    return Optional.ofNullable(taken);
  }

  /** Waits until everything is written; nothing may be written afterwards. */
  void finish() {
    worker.finish();
  }

  @Override
  public void close() {
    worker.close();
  }
}
