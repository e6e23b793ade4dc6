package dev.retrain.bench;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.ExecutionConfig;
import dev.retrain.image.ImageBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;

/** The extraction's way to run a network: a session that a thread for each core calls at once. */
final class EveryCaller implements AutoCloseable {
  private final Backbone backbone;
  private BackboneSession session;

  EveryCaller(Backbone backbone) {
    this.backbone = backbone;
  }

  /** How many images a second where each call is of this batch. */
  double imagesPerSecond(List<float[]> batch) throws Exception {
    return imagesPerSecond(batch, 1);
  }

  /** The same, each thread calling so many times. */
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
