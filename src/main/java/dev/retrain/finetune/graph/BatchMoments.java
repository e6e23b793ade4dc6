package dev.retrain.finetune.graph;

import dev.retrain.finetune.network.Moments;
import dev.retrain.finetune.network.MomentsProbe;
import dev.retrain.finetune.network.Normalization;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;

/**
 * The moments by which a network normalizes a batch while it is trained.
 *
 * @param graph the training graph
 * @param normalizations the normalizations
 */
record BatchMoments(Graph graph, List<Normalization> normalizations) {
  /**
   * Measures them.
   *
   * @param runner has the batch
   * @param images number of its images
   * @return the moments, one element per normalization
   */
  List<Moments> measure(Session.Runner runner, long images) {
    if (normalizations.isEmpty()) {
      // A session refuses a run without a result.
      return List.of();
    }
    for (Normalization one : normalizations) {
      runner.fetch(one.normalization(), 1).fetch(one.normalization(), 2);
    }
    List<Moments> moments = new ArrayList<>();
    try (Result result = runner.run()) {
      for (Moments corrected : MomentsProbe.read(result)) {
        Shape output =
            graph.operation(normalizations.get(moments.size()).normalization()).output(0).shape();
        moments.add(uncorrected(corrected, images * output.get(1) * output.get(2)));
      }
    }
    return moments;
  }

  /**
   * The operation returns the estimated variance of all values, {@code count / (count - 1)} times
   * the variance of the batch, but normalizes by the latter.
   */
  private static Moments uncorrected(Moments corrected, long count) {
    float[] variance = corrected.variance();
    if (count > 1) {
      for (int c = 0; c < variance.length; c++) {
        variance[c] *= (float) ((count - 1.0) / count);
      }
    }
    return new Moments(corrected.mean(), variance);
  }
}
