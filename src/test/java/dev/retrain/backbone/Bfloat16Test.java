package dev.retrain.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retrain.image.Preprocessing;
import dev.retrain.testing.Graphs;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class Bfloat16Test {
  /** Between two numbers of bfloat16, which are 1/128 apart there. */
  private static final float FINE = 1 + 1f / 1024;

  /** Its vector is the image's mean colour, through a convolution that changes nothing. */
  private static Backbone sameColour(Precision precision) {
    return new Backbone(
            "tiny",
            Graphs.of(
                tf -> {
                  Operand<TFloat32> unit =
                      tf.constant(new float[][][][] {{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}});
                  Graphs.pool(
                      tf,
                      "pool",
                      tf.nn.conv2d(
                          Graphs.images(tf, "images", 2, 2),
                          unit,
                          List.of(1L, 1L, 1L, 1L),
                          "VALID"),
                      2,
                      2);
                }),
            "00",
            "images:0",
            List.of("pool:0"),
            new Preprocessing(2, 2, 0, 1))
        .with(new ComputeOptions(true, precision));
  }

  private static float[] vector(Precision precision) {
    float[] image = new float[12];
    Arrays.fill(image, FINE);
    try (BackboneSession session = new BackboneSession(sameColour(precision))) {
      return session.vectors(List.of(image));
    }
  }

  @Test
  void bfloat16RoundsMoreThanFloat32() {
    assertThat(vector(Precision.FLOAT32))
        .containsExactly(new float[] {FINE, FINE, FINE}, within(1e-6f));
    Assumptions.assumeTrue(Bfloat16.obstacle().isEmpty());
    assertThat(vector(Precision.BFLOAT16)).containsExactly(1, 1, 1);
  }

  private static final Path LINUX = Path.of("/proc/cpuinfo");

  private static boolean processorSays(String pattern) throws IOException {
    return Files.exists(LINUX) && Files.readString(LINUX).matches("(?s)" + pattern);
  }

  @Test
  void supportedProcessorHasNoObstacle() throws IOException {
    Assumptions.assumeTrue(processorSays(".*flags.* (avx512_bf16|amx_bf16)[ \\n].*"));
    Assumptions.assumeTrue(System.getenv("TF_ENABLE_ONEDNN_OPTS") == null);
    assertThat(Bfloat16.obstacle()).isEmpty();
  }

  @Test
  void unsupportedProcessorIsReported() throws IOException {
    Assumptions.assumeTrue(
        processorSays(".*flags.*") && !processorSays(".*(avx512_bf16|amx_bf16).*"));
    assertThat(Bfloat16.obstacle()).isPresent();
    assertThatThrownBy(() -> vector(Precision.BFLOAT16))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("avx512_bf16")
        .hasMessageContaining("float32");
  }
}
