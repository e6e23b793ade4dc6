package dev.retrain.job.describe;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.describe.GraphDescription;
import dev.retrain.backbone.describe.SavedModelDescription;
import dev.retrain.util.RetrainException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is in a network, and how it would be used.
 *
 * @param name the file, directory or name
 * @param savedModel the SavedModel; absent for a frozen graph
 * @param graph the frozen graph; absent for a SavedModel
 * @param refusal why the guard refuses the graph; absent if it doesn't
 * @param backbone how it would be used as a backbone
 * @param fineTuning what of it can be trained
 * @param model how it would be used as a trained model
 * @param written the metadata file that was written
 */
public record Description(
    String name,
    Optional<SavedModelDescription> savedModel,
    Optional<GraphDescription> graph,
    Optional<RetrainException> refusal,
    Use<Backbone> backbone,
    Use<FineTuning> fineTuning,
    Use<String> model,
    Optional<Path> written) {
  /**
   * What of a network can be trained.
   *
   * @param blocks number of blocks
   * @param parameters number of trained values in all blocks
   * @param defaultBlocks number of blocks that are trained by default, from the last one
   * @param defaultParameters number of trained values in these
   */
  public record FineTuning(
      int blocks, long parameters, int defaultBlocks, long defaultParameters) {}

  /**
   * A use of a network.
   *
   * @param value how it is used; absent if it can't be
   * @param problem why it can't be used; absent also if nothing was tried
   */
  public record Use<T>(Optional<T> value, Optional<RetrainException> problem) {
    static <T> Use<T> of(T value) {
      return new Use<>(Optional.of(value), Optional.empty());
    }

    static <T> Use<T> failed(RetrainException problem) {
      return new Use<>(Optional.empty(), Optional.of(problem));
    }

    static <T> Use<T> none() {
      return new Use<>(Optional.empty(), Optional.empty());
    }
  }
}
