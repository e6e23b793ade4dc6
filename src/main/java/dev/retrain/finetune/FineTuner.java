package dev.retrain.finetune;

import dev.retrain.finetune.graph.FineTuneGraph;
import dev.retrain.finetune.graph.FineTuneGraph.StepMetrics;
import dev.retrain.finetune.graph.FineTuneGraph.Updates;
import dev.retrain.finetune.image.BatchSource;
import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.finetune.input.NetworkInputs;
import dev.retrain.finetune.network.Moments;
import dev.retrain.finetune.network.MomentsProbe;
import dev.retrain.finetune.network.TrainableNetwork;
import dev.retrain.image.Preprocessing;
import dev.retrain.training.Head;
import dev.retrain.training.TrainingDivergedException;
import dev.retrain.util.Progress;
import dev.retrain.util.concurrent.OrderedPrefetch;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.tensorflow.proto.ConfigProto;

/**
 * Trains a network and its head on images.
 *
 * @param network the network
 * @param input its input tensor, {@code name:index}
 * @param vector name of the node that computes its vectors
 * @param preprocessing size and scale of the images
 * @param batches builds the batches
 * @param options how to train
 * @param threads configuration of the sessions
 */
public record FineTuner(
    TrainableNetwork network,
    String input,
    String vector,
    Preprocessing preprocessing,
    BatchSource batches,
    FineTuneOptions options,
    ConfigProto threads) {
  /** Images from which moments are measured. */
  private static final int MOMENT_IMAGES = 2048;

  private static final int BATCHES_AHEAD = 4;

  /** Receives the events of a training, on the thread that trains. */
  public interface Listener {
    /** The variables were updated. */
    default void updated(int step, float rate, StepMetrics metrics) {}

    /**
     * An epoch has ended.
     *
     * @param epoch number of epochs so far
     * @param step number of updates so far
     * @param tuned the network and head as they are now
     * @return whether to go on
     */
    boolean epochEnded(int epoch, int step, FineTuned tuned) throws IOException;
  }

  /** A batch of an epoch. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Planned(int epoch, int[] images, int next) {}

  /**
   * Trains.
   *
   * @param head the trained head to start from
   * @param listener receives the events
   * @param progress counts the images, and can cancel the training
   * @throws TrainingDivergedException if the loss becomes NaN or infinite
   * @throws IOException if the listener fails
   */
  public void train(Head head, Listener listener, Progress progress) throws IOException {
    int images = batches.count();
    NetworkInputs inputs = batches.inputs(preprocessing);
    int size = Math.min(options.batchSize(), images);
    int perEpoch = images / size;
    int steps = options.epochs() * perEpoch;
    progress.begin("Fine-tuning", "images", (long) steps * size);
    try (FineTuneGraph graph =
            new FineTuneGraph(network, input, vector, inputs, head, updates(), threads);
        OrderedPrefetch<Planned, BatchTensors> prefetch =
            new OrderedPrefetch<>(
                plan(images, size, perEpoch),
                BATCHES_AHEAD,
                planned -> batches.build(planned.images(), planned.next(), planned.epoch()))) {
      graph.start(network.initialValues(initialMoments(inputs, images, size)), head);
      for (int step = 0; step < steps && !progress.cancelled(); step++) {
        float rate = options.rate(step, steps);
        try (BatchTensors batch = prefetch.next().result().result()) {
          StepMetrics metrics = graph.update(batch, step, rate);
          if (!Float.isFinite(metrics.loss())) {
            throw new TrainingDivergedException(
                step + 1, "the loss is " + metrics.loss(), options.learningRate());
          }
          listener.updated(step + 1, rate, metrics);
        }
        progress.advance(size);
        if ((step + 1) % perEpoch == 0
            && !listener.epochEnded((step + 1) / perEpoch, step + 1, tuned(graph, images, size))) {
          break;
        }
      }
    } finally {
      progress.end();
    }
  }

  private Updates updates() {
    return new Updates(
        options.optimizer(), options.weightDecay(), options.clipNorm(), options.layerDecay());
  }

  private Iterator<Planned> plan(int images, int size, int perEpoch) {
    return IntStream.range(0, options.epochs())
        .boxed()
        .flatMap(
            epoch -> {
              int[] order = order(images, epoch);
              return IntStream.range(0, perEpoch)
                  .mapToObj(
                      batch ->
                          new Planned(
                              epoch,
                              Arrays.copyOfRange(order, batch * size, (batch + 1) * size),
                              order[(batch + 1) * size % images]));
            })
        .iterator();
  }

  private int[] order(int images, int epoch) {
    int[] order = IntStream.range(0, images).toArray();
    SplittableRandom random = new SplittableRandom(options.seed() * 1_000_003 + epoch);
    for (int i = images - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int image = order[i];
      order[i] = order[other];
      order[other] = image;
    }
    return order;
  }

  private List<Moments> initialMoments(NetworkInputs inputs, int images, int size) {
    Moments.Average average = new Moments.Average();
    try (MomentsProbe probe =
        new MomentsProbe(
            inputs.connect(network.frozen(), input), network.convolutions(), threads)) {
      forMomentBatches(images, size, batch -> average.add(probe.measure(batch::feed)));
    }
    return average.result();
  }

  private FineTuned tuned(FineTuneGraph graph, int images, int size) {
    Moments.Average average = new Moments.Average();
    forMomentBatches(images, size, batch -> average.add(graph.moments(batch)));
    Map<String, float[]> values = graph.values();
    return new FineTuned(network.withValues(values, average.result()), graph.head(values));
  }

  private void forMomentBatches(int images, int size, Consumer<BatchTensors> consumer) {
    int[] order = order(images, -1);
    int count = Math.max(1, Math.min(images, MOMENT_IMAGES) / size);
    for (int i = 0; i < count; i++) {
      int[] chosen = Arrays.copyOfRange(order, i * size, (i + 1) * size);
      try (BatchTensors batch = batches.buildUndistorted(chosen)) {
        consumer.accept(batch);
      }
    }
  }
}
