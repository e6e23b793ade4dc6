package dev.retrain.finetune.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.image.ChannelOrder;
import dev.retrain.image.Normalization;
import dev.retrain.image.PixelLimit;
import dev.retrain.image.Preprocessing;
import dev.retrain.image.ResizeMode;
import dev.retrain.training.graph.FetchedTensors;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

class BatchInputsTest {
  private static final int HEIGHT = 3;
  private static final int WIDTH = 5;
  private static final int LENGTH = HEIGHT * WIDTH * 3;

  static Stream<Normalization> normalizations() {
    List<Float> mean = List.of(123.68f, 116.779f, 103.939f);
    List<Float> std = List.of(58.4f, 57.1f, 57.4f);
    return Stream.of(
        Normalization.of(127.5f, 127.5f),
        Normalization.of(0, 255),
        new Normalization(mean, std, ChannelOrder.RGB),
        new Normalization(mean, List.of(1f), ChannelOrder.BGR),
        new Normalization(mean, std, ChannelOrder.BGR));
  }

  /** A network that negates its input, with names that the inputs could have, too. */
  private static GraphDef network() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      var images =
          tf.withName("images")
              .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, HEIGHT, WIDTH, 3)));
      tf.withName("normalized").identity(tf.math.mul(images, tf.constant(-1f)));
      return graph.toGraphDef();
    }
  }

  @ParameterizedTest
  @MethodSource("normalizations")
  void networkReadsNormalizedImages(Normalization normalization) {
    Preprocessing preprocessing =
        new Preprocessing(
            HEIGHT,
            WIDTH,
            normalization,
            ResizeMode.STRETCH,
            1,
            Optional.empty(),
            PixelLimit.DEFAULT);
    byte[] bytes = new byte[2 * LENGTH];
    new Random(1).nextBytes(bytes);
    BatchInputs inputs = new BatchInputs(preprocessing, Set.of());
    try (Graph graph = new Graph();
        ImageTensors batch = ImageTensors.allocate(2, HEIGHT, WIDTH, 1)) {
      for (int i = 0; i < 2; i++) {
        batch.image(i).put(bytes, i * LENGTH, LENGTH);
      }
      graph.importGraphDef(inputs.connect(network(), "images:0"));
      try (Session session = new Session(graph);
          Result result = batch.feed(session.runner()).fetch("normalized").run()) {
        assertThat(FetchedTensors.floats(result.get(0)))
            .containsExactly(negated(bytes, normalization));
      }
    }
  }

  private static float[] negated(byte[] bytes, Normalization normalization) {
    float[] values = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      int channel = i % 3;
      float value = Byte.toUnsignedInt(bytes[i]) - normalization.mean(channel);
      int target = normalization.channels() == ChannelOrder.BGR ? i + 2 - 2 * channel : i;
      values[target] = -(value * (1 / normalization.std(channel)));
    }
    return values;
  }
}
