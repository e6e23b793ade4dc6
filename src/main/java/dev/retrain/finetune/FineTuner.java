package dev.retrain.finetune;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.retrain.finetune.checkpoint.Checkpoint;
import dev.retrain.finetune.checkpoint.CheckpointFile;
import dev.retrain.finetune.graph.FineTuneGraph;
import dev.retrain.finetune.graph.FineTuneGraph.Updates;
import dev.retrain.finetune.image.BatchSource;
import dev.retrain.finetune.network.Moments;
import dev.retrain.finetune.network.MomentsProbe;
import dev.retrain.finetune.network.TrainableNetwork;
import dev.retrain.image.Preprocessing;
import dev.retrain.training.Head;
import dev.retrain.training.TrainingDivergedException;
import dev.retrain.util.ErrorText;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.exceptions.TFUnimplementedException;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.ConfigProto;

/**
 * Trains a network and its head on images.
 *
 * <p>On one machine with one number of threads, equal arguments give bit-identical results, also if
 * the training was interrupted and resumed.
 *
 * <p>After each epoch, the moments of the batch normalizations are measured over 2,048 training
 * images, or all if there are fewer, as they are without distortion, in batches as large as those
 * of the training. They are the moments of the network as it is then; moving averages over the
 * updates would be those of earlier networks (Y. Wu and J. Johnson, Rethinking "Batch" in
 * BatchNorm, 2021).
 *
 * @param network the network
 * @param input its input tensor, {@code name:index}
 * @param vector name of the node that computes its vectors
 * @param preprocessing size and scale of the images
 * @param batches builds the batches
 * @param options how to train
 * @param threads configuration of the sessions; see {@link #session}
 */
public record FineTuner(
    TrainableNetwork network,
    String input,
    String vector,
    Preprocessing preprocessing,
    BatchSource batches,
    FineTuneOptions options,
    ConfigProto threads) {
  /**
   * The configuration of sessions that train.
   *
   * @param threads number of threads, on which the last bits of the result depend
   */
  public static ConfigProto session(int threads) {
    // Operations are divided among the threads; several at a time would be no faster.
    return ConfigProto.newBuilder()
        .setIntraOpParallelismThreads(threads)
        .setInterOpParallelismThreads(1)
        .build();
  }

  /**
   * Trains without checkpoints.
   *
   * @param head the trained head to start from
   * @param listener receives the events, and evaluates the epochs
   * @param progress counts the images, and can cancel the training
   * @throws TrainingDivergedException if the loss or the gradient becomes NaN or infinite
   * @throws IOException if the listener fails
   */
  public FineTuneResult train(Head head, FineTuneListener listener, Progress progress)
      throws IOException {
    return train(head, Optional.empty(), listener, progress);
  }

  /**
   * Trains, and saves its state meanwhile.
   *
   * @param head the trained head to start from
   * @param checkpointing where the state is saved, and whether the training resumes from there
   * @param listener receives the events, and evaluates the epochs
   * @param progress counts the images that remain, and can cancel the training
   * @throws TrainingDivergedException if the loss or the gradient becomes NaN or infinite
   * @throws RetrainException if the checkpoint is damaged, or is not of this training; if an
   *     operation of the network fails, or there is not enough memory
   * @throws IOException if the listener fails
   */
  public FineTuneResult train(
      Head head,
      Optional<Checkpointing> checkpointing,
      FineTuneListener listener,
      Progress progress)
      throws IOException {
    TrainingPlan plan = TrainingPlan.of(batches.count(), options);
    Map<String, String> identity =
        checkpointing.isPresent()
            ? TrainingIdentity.compute(checkpointing.get().identity(), inputs(), head)
            : Map.of();
    Optional<Checkpoint> checkpoint = checkpoint(checkpointing, identity);
    TrainingState state =
        checkpoint
            .map(from -> TrainingState.read(plan, from))
            .orElseGet(() -> new TrainingState(plan));
    progress.begin(
        "Fine-tuning", "images", (long) (plan.steps() - state.step()) * plan.imagesPerUpdate());
    try (FineTuneGraph graph =
            new FineTuneGraph(
                network,
                input,
                vector,
                batches.inputs(preprocessing),
                head,
                updates(plan),
                threads);
        BatchPrefetch prefetch = new BatchPrefetch(plan.from(state.step()), batches)) {
      if (checkpoint.isPresent()) {
        graph.restore(variables(graph, checkpoint.get()));
      } else {
        graph.start(network.initialValues(initialMoments(plan)), head);
      }
      listener.started(
          state.step(),
          plan.steps(),
          checkpoint
              .map(from -> from.header().state().path(Checkpointing.LISTENER))
              .orElse(NullNode.getInstance()));
      return FineTuneLoop.run(
          inputs(), plan, state, graph, prefetch, checkpointing, identity, listener, progress);
    } catch (TFResourceExhaustedException e) {
      throw new RetrainException(
          e,
          "There is not enough memory for batches of %d images of %d x %d pixels: %s. Reduce %s or"
              + " %s.",
          plan.batchSize(),
          preprocessing.width(),
          preprocessing.height(),
          ErrorText.firstLine(e),
          Setting.FINE_TUNE_BATCH_SIZE,
          Setting.TRAIN_SIZE);
    } catch (TensorFlowException | TFInvalidArgumentException | TFUnimplementedException e) {
      throw new RetrainException(
          e,
          "The network fails while it is fine-tuned: %s. Set %s to fewer layers, or choose another"
              + " network with %s.",
          ErrorText.firstLine(e),
          Setting.FINE_TUNE_LAYERS,
          Setting.BACKBONE);
    } finally {
      progress.end();
    }
  }

  private static Optional<Checkpoint> checkpoint(
      Optional<Checkpointing> checkpointing, Map<String, String> identity) {
    Optional<Checkpoint> checkpoint =
        checkpointing
            .filter(from -> from.resume() && Files.exists(from.file()))
            .map(from -> CheckpointFile.read(from.file()));
    checkpoint.ifPresent(from -> from.check(identity));
    return checkpoint;
  }

  private static Map<String, float[]> variables(FineTuneGraph graph, Checkpoint from) {
    Map<String, float[]> values = new HashMap<>();
    graph
        .lengths()
        .forEach(
            (name, length) -> {
              float[] value = from.tensors().get(CheckpointWriter.VARIABLE + name);
              if (value == null || value.length != length) {
                throw new RetrainException(
                    "%s lacks the values of %s. Delete the file to start again.",
                    from.file(), name);
              }
              values.put(name, value);
            });
    return values;
  }

  private FineTuneInputs inputs() {
    return new FineTuneInputs(network, vector, preprocessing, batches, options);
  }

  private Updates updates(TrainingPlan plan) {
    return new Updates(
        options.optimizer(),
        options.weightDecay(),
        options.averageDecay(),
        options.clipNorm(),
        options.layerDecay(),
        plan.batchesPerUpdate());
  }

  private List<Moments> initialMoments(TrainingPlan plan) {
    try (MomentsProbe probe =
        new MomentsProbe(
            batches.inputs(preprocessing).connect(network.frozen(), input),
            network.normalizations(),
            threads)) {
      return inputs().moments(plan, batch -> probe.measure(batch::feed));
    }
  }
}
