package dev.retrain.bottleneck;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.bottleneck.Extraction.Loaded;
import dev.retrain.bottleneck.StageClock.Stage;
import dev.retrain.work.Cancelled;
import dev.retrain.work.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * The stage that runs batches through the backbone: a session of one thread for each core, each
 * with a batch of its own, which is faster than all cores at one batch, and gives the same vectors
 * on any number of cores.
 *
 * <p>Owns its sessions, made when the first batches come; {@link #close()} frees them.
 */
final class Network implements AutoCloseable {
  private final Backbone backbone;
  private final CacheWriter writer;
  private final StageClock clock;
  private final Workers threads = new Workers();

  /** Batches that may wait for a thread, besides those that run. */
  private final Semaphore room = new Semaphore(2 * Workers.COUNT);

  private final LinkedBlockingQueue<BackboneSession> idle = new LinkedBlockingQueue<>();
  private final List<BackboneSession> all = new ArrayList<>();
  private volatile RuntimeException failure;

  Network(Backbone backbone, CacheWriter writer, StageClock clock) {
    this.backbone = backbone;
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
          } catch (RuntimeException e) {
            failure = e;
          } finally {
            room.release();
          }
        });
  }

  private void check() {
    if (failure != null) {
      throw failure;
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
    BackboneSession session = BackboneSession.ofOneThread(backbone);
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
