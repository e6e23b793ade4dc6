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
 * Computing in bfloat16: TensorFlow's own graph optimiser puts the casts where they belong, when
 * the session is opened, and only on processors it knows to be able to.
 */
public final class Bfloat16 {
  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

  /** What a processor of Intel or AMD that multiplies in bfloat16 calls that. */
  private static final List<String> FLAGS = List.of("avx512_bf16", "amx_bf16");

  /** Needs more than bfloat16's 8 bits: it has 1 in place of it. */
  private static final float FINE = 1 + 1f / 4096;

  private Bfloat16() {}

  /** Opens sessions that compute in bfloat16 where they can. */
  static ConfigProto session() {
    ConfigProto.Builder config = ConfigProto.newBuilder();
    config
        .getGraphOptionsBuilder()
        .getRewriteOptionsBuilder()
        .setAutoMixedPrecisionOnednnBfloat16(RewriterConfig.Toggle.ON)
        // Graphs of a few nodes, too.
        .setMinGraphNodes(-1);
    return config.build();
  }

  /**
   * Why this machine does not compute in bfloat16: a half-sentence, or nothing where it does. Linux
   * says whether the processor has it, on Intel and AMD; a processor that only emulates it would be
   * slower than with float32. TensorFlow is tried in any case.
   */
  public static Optional<String> obstacle() {
    if (!mayBeFast()) {
      return Optional.of("its processor has none of " + String.join(", ", FLAGS));
    }
    return convolved() == FINE
        ? Optional.of(
            "TensorFlow does not use it on this processor, or with TF_ENABLE_ONEDNN_OPTS=0")
        : Optional.empty();
  }

  private static boolean mayBeFast() {
    try {
      List<String> flags =
          Files.readAllLines(PROCESSOR).stream().filter(line -> line.startsWith("flags")).toList();
      return flags.isEmpty()
          || flags.stream().anyMatch(line -> FLAGS.stream().anyMatch(line::contains));
    } catch (IOException e) {
      // No Linux.
      return true;
    }
  }

  /** A number that bfloat16 has to round, once through a convolution with 1. */
  private static float convolved() {
    try (Graph graph = TensorFlowRuntime.newGraph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(1, 1, 1, 1)));
      Operand<TFloat32> one = tf.constant(new float[][][][] {{{{1}}}});
      // What is fetched is left as it is, so that can't be the convolution.
      Operand<TFloat32> y = tf.nn.relu(tf.nn.conv2d(x, one, List.of(1L, 1L, 1L, 1L), "VALID"));
      try (Session session = new Session(graph, session());
          TFloat32 fine =
              TFloat32.tensorOf(Shape.of(1, 1, 1, 1), data -> data.setFloat(FINE, 0, 0, 0, 0));
          Result result = session.runner().feed(x, fine).fetch(y).run()) {
        return ((TFloat32) result.get(0)).getFloat(0, 0, 0, 0);
      }
    }
  }
}
