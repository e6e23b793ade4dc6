package dev.retrain.training.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class DropoutOpsTest {
  private static final int SIZE = 40_000;

  /** Ones after dropout. */
  private static float[] dropout(double rate, long seed, long step, int layer) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> ones =
          tf.fill(tf.constant(Shape.of(200, SIZE / 200).asArray()), tf.constant(1f));
      Operand<TFloat32> kept = new DropoutOps(rate, seed, tf.constant(step)).apply(tf, ones, layer);
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(kept).run()) {
        float[] values = new float[SIZE];
        ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(values);
        return values;
      }
    }
  }

  private static double fractionOfZeros(float[] values) {
    return IntStream.range(0, SIZE).filter(i -> values[i] == 0).count() / (double) SIZE;
  }

  private static double fractionOfEqual(float[] one, float[] other) {
    return IntStream.range(0, SIZE).filter(i -> one[i] == other[i]).count() / (double) SIZE;
  }

  // Five standard deviations of the fraction of successes.
  private static Offset<Double> tolerance(double probability) {
    return Offset.offset(5 * Math.sqrt(probability * (1 - probability) / SIZE));
  }

  @Test
  void outputsAreSetToZeroOrScaled() {
    float[] values = dropout(0.3, 1, 0, 0);

    assertThat(fractionOfZeros(values)).isCloseTo(0.3, tolerance(0.3));
    for (float value : values) {
      assertThat(value == 0 || Math.abs(value - 1 / 0.7) < 1e-6).isTrue();
    }
  }

  @Test
  void stepsLayersAndSeedsAreIndependent() {
    float[] first = dropout(0.5, 1, 7, 0);

    assertThat(dropout(0.5, 1, 7, 0)).isEqualTo(first);
    for (float[] other :
        new float[][] {dropout(0.5, 1, 8, 0), dropout(0.5, 1, 7, 1), dropout(0.5, 2, 7, 0)}) {
      assertThat(fractionOfEqual(first, other)).isCloseTo(0.5, tolerance(0.5));
    }
  }

  @Test
  void neighboursAreIndependent() {
    float[] values = dropout(0.5, 3, 3, 0);

    double equal =
        IntStream.range(1, SIZE).filter(i -> values[i] == values[i - 1]).count()
            / (double) (SIZE - 1);
    assertThat(equal).isCloseTo(0.5, tolerance(0.5));
  }
}
