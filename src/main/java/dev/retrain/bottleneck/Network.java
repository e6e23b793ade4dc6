package dev.retrain.bottleneck;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.Execution;
import dev.retrain.bottleneck.Extraction.Loaded;
import dev.retrain.bottleneck.StageClock.Stage;
import dev.retrain.work.Cancelled;
import dev.retrain.work.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * The stage that runs batches through the backbone, several at once, each in a session of its own,
 * as an {@link Execution} says.
 *
 * <p>Owns its sessions, made when the first batches come; {@link #close()} frees them.
 */
final class Network implements AutoCloseable {
  private final Backbone backbone;
  private final CacheWriter writer;
  private final StageClock clock;
  private final Execution execution;
  private final Workers threads;

  /** Batches that may wait for a thread, or run. */
  private final Semaphore room;

  private final LinkedBlockingQueue<BackboneSession> idle = new LinkedBlockingQueue<>();
  private final List<BackboneSession> all = new ArrayList<>();
  private volatile Throwable failure;

  Network(Backbone backbone, Execution execution, CacheWriter writer, StageClock clock) {
    this.backbone = backbone;
    this.execution = execution;
    threads = new Workers(execution.sessions());
    room = new Semaphore(2 * execution.sessions());
    this.writer = writer;
    this.clock = clock;
  }

  /**
   * Takes a batch; waits while too many wait already.
   *
   * @param batch pictures with their pixels; taken over
   * @throws RuntimeException what an earlier batch has failed with
   */
  void run(List<Loaded> batch) {
    try {
      room.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("Interrupted while computing vectors.");
    }
    check();
    threads.execute(
        () -> {
          try {
            compute(batch);
          } catch (RuntimeException | Error e) {
            failure = e;
          } finally {
            room.release();
          }
        });
  }

  private void check() {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private void compute(List<Loaded> batch) {
    BackboneSession session = idle.poll();
    if (session == null) {
      session = open();
    }
    try {
      long start = System.nanoTime();
      float[] vectors =
          session.vectors(batch.stream().map(loaded -> loaded.picture().orElseThrow()).toList());
      clock.add(Stage.NETWORK, start);
      writer.write(batch, vectors, session.vectorLength());
    } finally {
      idle.add(session);
    }
  }

  private BackboneSession open() {
    BackboneSession session = execution.open(backbone);
    synchronized (all) {
      all.add(session);
    }
    return session;
  }

  /** Waits for every batch that was taken. */
  void finish() {
    threads.finish();
    check();
  }

  @Override
  public void close() {
    threads.close();
    all.forEach(BackboneSession::close);
    all.clear();
  }
}
