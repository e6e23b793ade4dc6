package dev.retrain.training.graph;

import java.util.Optional;

/**
 * The result of an update or an evaluation on a batch. Owns the fetched tensors; {@link #close()}
 * frees them.
 *
 * @param metrics accuracy, loss and scalars
 * @param histogramInputs the tensors that the histograms of the batch are made from; absent if they
 *     were not requested
 */
public record BatchResult(BatchMetrics metrics, Optional<FetchedTensors> histogramInputs)
    implements AutoCloseable {
  @Override
  public void close() {
    histogramInputs.ifPresent(FetchedTensors::close);
  }
}
