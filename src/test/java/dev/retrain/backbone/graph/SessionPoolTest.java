package dev.retrain.backbone.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.image.Preprocessing;
import dev.retrain.testing.Graphs;
import dev.retrain.testing.SmallNetwork;
import dev.retrain.util.SessionConfigs;
import dev.retrain.util.TensorFlowRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

class SessionPoolTest {
  private static final int SIZE = 16;
  private static final int CHANNELS = 8;
  private static final int THREADS = 4;
  private static final int BATCHES = 200;

  /** Each block adds its input, which the convolution reads, too: TensorFlow has to copy it. */
  private static GraphDef residual() {
    Random random = new Random(1);
    return Graphs.of(
        tf -> {
          Operand<TFloat32> x = Graphs.images(tf, "images", SIZE, SIZE);
          x = tf.nn.relu(convolution(tf, random, x, 3));
          for (int i = 0; i < 8; i++) {
            x = tf.nn.relu(tf.math.add(convolution(tf, random, x, CHANNELS), x));
          }
          tf.withName("features").math.mean(x, tf.constant(new int[] {1, 2}));
        });
  }

  private static Operand<TFloat32> convolution(
      Ops tf, Random random, Operand<TFloat32> x, int inputs) {
    return tf.nn.biasAdd(
        tf.nn.conv2d(
            x,
            values(tf, random, 0.3 / Math.sqrt(inputs), Shape.of(3, 3, inputs, CHANNELS)),
            List.of(1L, 1L, 1L, 1L),
            "SAME"),
        values(tf, random, 0.1, Shape.of(CHANNELS)));
  }

  private static Operand<TFloat32> values(Ops tf, Random random, double scale, Shape shape) {
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return tf.constant(shape, DataBuffers.of(values));
  }

  private static float[] image(Preprocessing p, long seed) {
    Random random = new Random(seed);
    float[] image = new float[p.imageLength()];
    for (int i = 0; i < image.length; i++) {
      image[i] = random.nextFloat() * 2 - 1;
    }
    return image;
  }

  /** In one session, vectors are those of other images, or the process crashes. */
  @Test
  void concurrentRunsOfAResidualNetworkComputeTheirOwnImages() throws Exception {
    Preprocessing size = new Preprocessing(SIZE, SIZE, 127.5f, 127.5f);
    Backbone backbone =
        new Backbone("residual", residual(), "00", "images:0", List.of("features:0"), size);
    List<float[]> images = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      images.add(image(size, i));
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (BackboneSession session = BackboneSession.singleThreaded(backbone)) {
      List<float[]> expected =
          images.stream().map(image -> session.vectors(List.of(image))).toList();
      CountDownLatch ready = new CountDownLatch(THREADS);
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        float[] image = images.get(i);
        float[] own = expected.get(i);
        tasks.add(
            () -> {
              ready.countDown();
              ready.await();
              int wrong = 0;
              for (int batch = 0; batch < BATCHES; batch++) {
                wrong += Arrays.equals(session.vectors(List.of(image)), own) ? 0 : 1;
              }
              return wrong;
            });
      }
      int wrong = 0;
      for (Future<Integer> result : threads.invokeAll(tasks)) {
        wrong += result.get();
      }
      assertThat(wrong).as("wrong vectors of " + THREADS * BATCHES).isZero();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void onlyAdditionsOfTensorsBesideConvolutionsNeedSessionsOfTheirOwn() {
    assertThat(mayFuse(residual())).isTrue();
    assertThat(mayFuse(SmallNetwork.graph())).isFalse();
    assertThat(mayFuse(additionOfAConstant())).isFalse();
  }

  private static GraphDef additionOfAConstant() {
    return Graphs.of(
        tf -> {
          Random random = new Random(1);
          Operand<TFloat32> x = Graphs.images(tf, "images", SIZE, SIZE);
          tf.math.add(convolution(tf, random, x, 3), values(tf, random, 1, Shape.of(CHANNELS)));
        });
  }

  private static boolean mayFuse(GraphDef definition) {
    try (Graph graph = TensorFlowRuntime.newGraph()) {
      graph.importGraphDef(definition);
      return SessionPool.mayFuseAdditions(graph);
    }
  }

  @Test
  void sessionIsUsedAgain() {
    try (Graph graph = TensorFlowRuntime.newGraph()) {
      graph.importGraphDef(residual());
      try (SessionPool pool = new SessionPool(graph, SessionConfigs.SINGLE_THREADED)) {
        pool.run(session -> pool.run(other -> session == other ? 1 : 2));
        assertThat(pool.size()).isEqualTo(2);
        pool.run(session -> 1);
        assertThat(pool.size()).isEqualTo(2);
      }
    }
  }
}
