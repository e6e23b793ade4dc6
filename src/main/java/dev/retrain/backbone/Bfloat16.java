package dev.retrain.backbone;

import dev.retrain.util.TensorFlowRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.types.TFloat32;

/**
 * Support for computing in bfloat16. TensorFlow's graph optimizer inserts the casts when a session
 * is opened, and only on processors that it considers suitable.
 */
public final class Bfloat16 {
  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

  /** CPU flags of Intel and AMD processors that multiply in bfloat16. */
  private static final List<String> FLAGS = List.of("avx512_bf16", "amx_bf16");

  /** A float32 number that bfloat16, with 8 significant bits, rounds to 1. */
  private static final float FINE = 1 + 1f / 4096;

  private Bfloat16() {}

  /** The session configuration for bfloat16. */
  static ConfigProto sessionConfig() {
    ConfigProto.Builder config = ConfigProto.newBuilder();
    config
        .getGraphOptionsBuilder()
        .getRewriteOptionsBuilder()
        .setAutoMixedPrecisionOnednnBfloat16(RewriterConfig.Toggle.ON)
        // Also optimize graphs with few nodes.
        .setMinGraphNodes(-1);
    return config.build();
  }

  /**
   * Why this machine can't compute in bfloat16, as a clause for a message; empty if it can. On
   * Linux with an Intel or AMD processor the CPU flags are checked, since emulation is slower than
   * float32. In any case TensorFlow is tested with a small graph.
   */
  public static Optional<String> obstacle() {
    if (!hasFlags()) {
      return Optional.of("its processor has none of the flags " + String.join(", ", FLAGS));
    }
    return convolve() == FINE
        ? Optional.of("TensorFlow does not use it on this processor, or TF_ENABLE_ONEDNN_OPTS is 0")
        : Optional.empty();
  }

  private static boolean hasFlags() {
    try {
      List<String> flags =
          Files.readAllLines(PROCESSOR).stream().filter(line -> line.startsWith("flags")).toList();
      return flags.isEmpty()
          || flags.stream().anyMatch(line -> FLAGS.stream().anyMatch(line::contains));
    } catch (IOException e) {
      // Not Linux.
      return true;
    }
  }

  /** Convolves a number that bfloat16 rounds with 1. */
  private static float convolve() {
    try (Graph graph = TensorFlowRuntime.newGraph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(1, 1, 1, 1)));
      Operand<TFloat32> one = tf.constant(new float[][][][] {{{{1}}}});
      // TensorFlow doesn't convert fetched nodes, so the convolution must not be fetched.
      Operand<TFloat32> y = tf.nn.relu(tf.nn.conv2d(x, one, List.of(1L, 1L, 1L, 1L), "VALID"));
      try (Session session = new Session(graph, sessionConfig());
          TFloat32 fine =
              TFloat32.tensorOf(Shape.of(1, 1, 1, 1), data -> data.setFloat(FINE, 0, 0, 0, 0));
          Result result = session.runner().feed(x, fine).fetch(y).run()) {
        return ((TFloat32) result.get(0)).getFloat(0, 0, 0, 0);
      }
    }
  }
}
