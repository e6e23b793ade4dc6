package dev.retrain.training.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class FetchedTensorsTest {
  @ParameterizedTest
  @CsvSource({"3.4e38, true", "NaN, false", "Infinity, false", "-Infinity, false"})
  void nonFiniteValuesAreFound(float value, boolean finite) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> zeros = tf.constant(new float[3]);
      Operand<TFloat32> values = tf.constant(new float[][] {{0, -1}, {value, 2}});
      try (Session session = new Session(graph);
          FetchedTensors tensors =
              new FetchedTensors(
                  session.runner().fetch(zeros).fetch(values).run(), 0, List.of(zeros, values))) {
        assertThat(tensors.allFinite()).isEqualTo(finite);
      }
    }
  }

  @Test
  void fedValuesReplaceThoseOfTheGraph() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> five = tf.constant(5f);
      Operand<TFloat32> seven = tf.constant(7f);
      Operand<TFloat32> doubled = tf.math.mul(seven, tf.constant(2f));
      try (Session session = new Session(graph);
          FetchedTensors tensors =
              new FetchedTensors(session.runner().fetch(five).run(), 0, List.of(seven));
          Result result = tensors.feed(session.runner()).fetch(doubled).run()) {
        assertThat(FetchedTensors.floats(result.get(0))).containsExactly(10);
      }
    }
  }
}
