package dev.retrain.job.finetune;

import dev.retrain.finetune.FineTuneOptions;
import dev.retrain.finetune.layers.FineTuneLayers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntFunction;

/**
 * How a network is fine-tuned after its head was trained.
 *
 * @param layers the layers that are trained
 * @param options how they are trained, given the number of training images
 * @param checkpointInterval the time between checkpoints
 * @param resume whether to continue from the checkpoint that an interrupted training left, if there
 *     is one
 */
public record FineTuneSettings(
    FineTuneLayers layers,
    IntFunction<FineTuneOptions> options,
    Duration checkpointInterval,
    boolean resume) {
  /**
   * The same with another use of the checkpoint.
   *
   * @param interval the time between checkpoints
   * @param resumed whether to continue from the checkpoint, if there is one
   */
  public FineTuneSettings withCheckpoint(Duration interval, boolean resumed) {
    return new FineTuneSettings(layers, options, interval, resumed);
  }

  /**
   * The checkpoint of a training.
   *
   * @param graph the graph that it writes
   */
  public static Path checkpoint(Path graph) {
    return graph.resolveSibling(graph.getFileName() + ".checkpoint");
  }
}
