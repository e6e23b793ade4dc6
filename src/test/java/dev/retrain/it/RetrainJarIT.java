package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.testing.FileServer;
import dev.retrain.testing.SharedData;
import dev.retrain.util.Progress;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The packaged jar, run like a user does. */
class RetrainJarIT {
  @TempDir private Path directory;
  private RetrainJar jar;

  @BeforeEach
  void setDirectory() {
    jar = new RetrainJar(directory);
  }

  /** Every Java on this machine; the one that runs the tests comes first. */
  static Stream<Path> javas() throws IOException {
    List<Path> javas = new ArrayList<>(List.of(RetrainJar.java()));
    Path installed = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(installed)) {
      try (Stream<Path> homes = Files.list(installed)) {
        homes
            .filter(home -> !Files.isSymbolicLink(home))
            .map(home -> home.resolve("bin/java"))
            .filter(Files::isExecutable)
            .forEach(javas::add);
      }
    }
    return javas.stream()
        .map(
            java -> {
              try {
                return java.toRealPath();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .distinct();
  }

  @Test
  void imageTooLargeForTheHeapIsSkipped() throws Exception {
    SampleImages.write(directory.resolve("images"), 4, 1, Progress.NONE);
    // One bit per pixel: a small file, but half a gigabyte when decoded.
    ImageIO.write(
        new BufferedImage(14_000, 14_000, BufferedImage.TYPE_BYTE_BINARY),
        "bmp",
        directory.resolve("images/dots/large.bmp").toFile());
    RetrainJar.Result result =
        jar.run(
            jar.command(
                RetrainJar.java(),
                List.of("-Xmx300m"),
                "bottleneck",
                "-b",
                "scattering",
                "-i",
                "images",
                "--json"));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().get("computed").asInt()).isEqualTo(24);
    assertThat(result.json().get("skipped").asInt()).isEqualTo(1);
    assertThat(result.err()).contains("large.bmp");
  }

  @Test
  void fullStandardOutputFails() throws Exception {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "needs /dev/full");
    for (List<String> arguments : List.of(List.of("models"), List.of("--help"))) {
      Path err = directory.resolve("err.txt");
      Process process =
          jar.command(arguments.toArray())
              .redirectOutput(full.toFile())
              .redirectError(err.toFile())
              .start();
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
      assertThat(err).content().hasLineCount(1);
    }
  }

  @ParameterizedTest
  @MethodSource("javas")
  void onlyResultsAndErrorsArePrinted(Path java) throws Exception {
    RetrainJar.Result result =
        jar.run(jar.command(java, List.of(), "quickstart", "--quiet", "--json"));
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(result.json().get("test_accuracy").asDouble()).isGreaterThan(0.9);

    Files.writeString(directory.resolve("broken.jpg"), "\u00ff", StandardCharsets.ISO_8859_1);
    byte[] whole = Files.readAllBytes(directory.resolve("tmp/quickstart/new/dots/dots_000.jpg"));
    Files.write(directory.resolve("truncated.jpg"), Arrays.copyOf(whole, whole.length / 2));
    RetrainJar.Result broken =
        jar.run(
            jar.command(
                java,
                List.of(),
                "predict",
                "tmp/quickstart/output_graph.pb",
                "broken.jpg",
                "truncated.jpg",
                "tmp/quickstart/new/dots/dots_000.jpg"));
    assertThat(broken.code()).isEqualTo(1);
    assertThat(broken.err().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("broken.jpg: "),
            line -> assertThat(line).startsWith("truncated.jpg: "));
    assertThat(broken.out()).contains("dots_000.jpg", "%  dots");
  }

  @ParameterizedTest
  @MethodSource("javas")
  void helpAndVersionLoadNoTensorFlow(Path java) throws Exception {
    for (String option : List.of("--help", "--version")) {
      Path classes = directory.resolve("classes.txt");
      RetrainJar.Result result =
          jar.run(jar.command(java, List.of("-Xlog:class+load:file=" + classes), "train", option));
      assertThat(result.code()).isZero();
      assertThat(result.err()).isEmpty();
      assertThat(Files.readString(classes))
          .contains("dev.retrain.cli.command.TrainCommand")
          .doesNotContain("org.tensorflow.", "org.bytedeco.", "ch.qos.logback");
    }
  }

  @Test
  void missingBackboneIsDownloadedThroughProxyFromMirror() throws Exception {
    String name = "mobilenet_v1_0.25_224_frozen.tgz";
    SampleImages.write(directory.resolve("images"), 3, 1, Progress.NONE);
    try (FileServer proxy = new FileServer()) {
      proxy.put("/net.tgz", Files.readAllBytes(SharedData.file(name)), Map.of());
      Path mirror =
          Files.writeString(
              directory.resolve("mirror.properties"), name + ".url=http://mirror.invalid/net.tgz");
      ProcessBuilder builder =
          jar.command(
              RetrainJar.java(),
              List.of("-Dhttp.proxyHost=127.0.0.1", "-Dhttp.proxyPort=" + proxy.port()),
              "bottleneck",
              "--image-dir",
              "images",
              "--backbone",
              "mobilenet_v1_0.25_224",
              "--json");
      builder.environment().put("RETRAIN_SOURCES", mirror.toString());
      RetrainJar.Result result = jar.run(builder);
      assertThat(result.code()).as(result.err()).isZero();
      assertThat(result.err()).contains("tmp/imagenet", name, "http://mirror.invalid/net.tgz");
      assertThat(result.json().get("computed").asInt()).isEqualTo(18);
      assertThat(proxy.requests())
          .extracting(FileServer.Request::target)
          .containsExactly("http://mirror.invalid/net.tgz");
    }
    assertThat(directory.resolve("tmp/imagenet/mobilenet_v1_0.25_224/frozen_graph.pb")).exists();
  }
}
