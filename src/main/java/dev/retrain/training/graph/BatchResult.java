package dev.retrain.training.graph;

import java.util.Optional;

/**
 * The result of an update or an evaluation on a batch. Owns the fetched tensors; {@link #close()}
 * frees them.
 *
 * @param metrics accuracy, loss and scalars
 * @param scores [n, classes], flat: the logits, which mean average precision needs; empty for
 *     accuracy, and for updates
 * @param histogramInputs the tensors that the histograms of the batch are made from; absent if they
 *     were not requested
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record BatchResult(
    BatchMetrics metrics, float[] scores, Optional<FetchedTensors> histogramInputs)
    implements AutoCloseable {
  @Override
  public void close() {
    histogramInputs.ifPresent(FetchedTensors::close);
  }
}
