package dev.retrain.cli.option.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.backbone.Bfloat16;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options of the computation of feature vectors. */
class ComputationOptionsTest {
  @TempDir private Path directory;

  @BeforeEach
  void draw() throws IOException {
    SampleImages.write(directory.resolve("images"), 3, 1, Progress.NONE);
  }

  private int computed(Object... options) throws IOException {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "bottleneck",
                "--backbone",
                "scattering",
                "--image-dir",
                directory.resolve("images"),
                "--bottleneck-dir",
                directory.resolve("cache"),
                "--quiet",
                "--json"));
    arguments.addAll(List.of(options));
    Cli cli = Cli.run(arguments.toArray());
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.json().get("computed").asInt();
  }

  private List<String> cachedComputations() throws IOException {
    JsonNode info =
        Cli.run("bottleneck", "info", "--bottleneck-dir", directory.resolve("cache"), "--json")
            .json();
    List<String> computations = new ArrayList<>();
    info.get("backbones")
        .forEach(
            entry ->
                computations.add(entry.get("identity").asText().replaceAll(".* optimized=", "")));
    return computations;
  }

  @Test
  void unoptimizedVectorsAreCachedSeparately() throws IOException {
    assertThat(computed()).isEqualTo(18);
    assertThat(computed()).isZero();
    assertThat(computed("--no-optimize")).isEqualTo(18);
    assertThat(computed("--no-optimize")).isZero();
    assertThat(cachedComputations())
        .containsExactlyInAnyOrder("true precision=float32", "false precision=float32");
  }

  @Test
  void vectorsOfOtherPrecisionAreCachedSeparately() throws IOException {
    Assumptions.assumeTrue(Bfloat16.obstacle().isEmpty());
    assertThat(computed("--precision", "float32")).isEqualTo(18);
    assertThat(computed("--precision", "bfloat16")).isEqualTo(18);
    assertThat(computed("--precision", "BFLOAT16")).isZero();
    assertThat(cachedComputations())
        .containsExactlyInAnyOrder("true precision=float32", "true precision=bfloat16");
    // It chooses one of the two.
    assertThat(computed("--precision", "auto")).isZero();
  }

  @Test
  void vectorsOfScaledJpegsAreCachedSeparately() throws IOException {
    assertThat(computed()).isEqualTo(18);
    assertThat(computed("--jpeg-scale", "2")).isEqualTo(18);
    assertThat(computed("--jpeg-scale", "2")).isZero();
    assertThat(computed("--jpeg-scale", "1")).isZero();
    Cli wrong = Cli.run("bottleneck", "-i", directory.resolve("images"), "--jpeg-scale", "3");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("--jpeg-scale", "3");
  }

  @Test
  void unknownPrecisionIsUsageError() {
    Cli cli = Cli.run("bottleneck", "-i", directory.resolve("images"), "--precision", "half");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("--precision").contains("half");
  }
}
