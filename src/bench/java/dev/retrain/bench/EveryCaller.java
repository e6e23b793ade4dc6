package dev.retrain.bench;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.ExecutionConfig;
import dev.retrain.image.ImageBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;

/** Runs a network as extraction does: one session, called by one thread per core. */
final class EveryCaller implements AutoCloseable {
  private final Backbone backbone;
  private BackboneSession session;

  EveryCaller(Backbone backbone) {
    this.backbone = backbone;
  }

  /** Measures images per second; each thread calls once with this batch. */
  double imagesPerSecond(List<float[]> batch) throws Exception {
    return imagesPerSecond(batch, 1);
  }

  /** Measures images per second; each thread makes several calls with this batch. */
  double imagesPerSecond(List<float[]> batch, int calls) throws Exception {
    if (session == null) {
      session = ExecutionConfig.onCores().open(backbone);
    }
    List<ImageBatch> batches = new ArrayList<>();
    try {
      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 0; i < EveryCore.COUNT; i++) {
        ImageBatch images = ImageBatch.copyOf(batch, backbone.preprocessing());
        batches.add(images);
        work.add(
            () -> {
              Collections.nCopies(calls, session).forEach(called -> called.vectors(images));
              return null;
            });
      }
      return calls * batch.size() * EveryCore.COUNT / EveryCore.seconds(work);
    } finally {
      batches.forEach(ImageBatch::close);
    }
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
    }
  }
}
