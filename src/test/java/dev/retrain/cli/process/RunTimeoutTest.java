package dev.retrain.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.backbone.guard.HostileGraph;
import dev.retrain.cli.Cli;
import dev.retrain.cli.Retrain;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs that never end, given to commands in a process of their own. */
class RunTimeoutTest {
  private static final int IMAGES = 30;

  @TempDir private static Path shared;
  @TempDir private Path directory;

  /** A graph that never ends for bright images, and a model that contains it. */
  @BeforeAll
  static void train() throws IOException {
    for (int i = 0; i < IMAGES; i++) {
      image(shared.resolve("images/red/%d.png".formatted(i)), new Color(40 + i, 10, 10));
      image(shared.resolve("images/blue/%d.png".formatted(i)), new Color(10, 10, 40 + i));
    }
    Files.write(
        shared.resolve("endless.pb"), new HostileGraph().endlessAbove(0.5f).build().toByteArray());
    Cli cli = Cli.run(train(shared.resolve("images"), shared));
    assertThat(cli.code()).as(cli.err()).isZero();
  }

  private static void image(Path file, Color color) throws IOException {
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(color);
    graphics.fillRect(0, 0, 8, 8);
    graphics.dispose();
    ImageIO.write(image, "png", file.toFile());
  }

  private static Object[] train(Path images, Path outputs) {
    return new Object[] {
      "train",
      "-i",
      images,
      "--graph",
      shared.resolve("endless.pb"),
      "--trust-graph",
      "--iterations",
      20,
      "-o",
      outputs.resolve("model.pb"),
      "--output-labels",
      outputs.resolve("labels.txt"),
      "--summaries-dir",
      outputs.resolve("logs"),
      "--bottleneck-dir",
      outputs.resolve("cache"),
      "--no-plots",
      "-q",
      "--force"
    };
  }

  /** The outcome of a command in another process. */
  private record Ended(int code, String err) {}

  private Ended run(Object... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Retrain.class.getName()));
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    command.addAll(List.of("--run-timeout", "2"));
    File err = directory.resolve("err.txt").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectError(err)
            .redirectOutput(directory.resolve("out.txt").toFile());
    // The tests set it, but TensorFlow's log is suppressed only where users don't.
    builder.environment().remove("TF_CPP_MIN_LOG_LEVEL");
    Process process = builder.start();
    return new Ended(process.waitFor(), Files.readString(err.toPath()));
  }

  private static void assertTimedOut(Ended ended, String graph) {
    assertThat(ended.code()).as(ended.err()).isEqualTo(1);
    List<String> lines =
        ended.err().lines().filter(line -> !line.contains("which is trusted")).toList();
    assertThat(lines).as(ended.err()).hasSize(1);
    assertThat(lines.get(0))
        .startsWith("retrain: ")
        .contains(graph, "2 seconds", "--run-timeout")
        .endsWith(".");
  }

  @Test
  void extractionEndsAndLeavesAUsableCache() throws Exception {
    Path images = directory.resolve("images");
    for (String name : List.of("red", "blue")) {
      Files.createDirectories(images.resolve(name));
      try (Stream<Path> files = Files.list(shared.resolve("images").resolve(name))) {
        for (Path file : files.toList()) {
          Files.copy(file, images.resolve(name).resolve(file.getFileName()));
        }
      }
    }
    Path bright = images.resolve("red/99.png");
    image(bright, Color.WHITE);
    assertTimedOut(run(train(images, directory)), "endless.pb");
    assertThat(directory.resolve("model.pb")).doesNotExist();
    Files.delete(bright);
    Cli again = Cli.run(train(images, directory));
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(directory.resolve("model.pb")).hasSameBinaryContentAs(shared.resolve("model.pb"));
  }

  @Test
  void predictionEnds() throws Exception {
    Path bright = directory.resolve("bright.png");
    image(bright, Color.WHITE);
    assertTimedOut(
        run("predict", shared.resolve("model.pb"), bright, "--trust-graph", "-q"), "model.pb");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evaluate", "report"})
  void evaluationEnds(String command) throws Exception {
    Path images = directory.resolve("images");
    image(images.resolve("red/1.png"), Color.WHITE);
    image(images.resolve("blue/1.png"), Color.BLUE);
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                command,
                shared.resolve("model.pb"),
                "-i",
                images,
                "--bottleneck-dir",
                directory.resolve("cache"),
                "--trust-graph",
                "-q"));
    if (command.equals("report")) {
      arguments.addAll(List.of("-o", directory.resolve("report.html")));
    }
    assertTimedOut(run(arguments.toArray()), "endless.pb");
    assertThat(directory.resolve("report.html")).doesNotExist();
  }

  @Test
  void negativeTimeIsAUsageError() {
    Cli cli = Cli.run("evaluate", shared.resolve("model.pb"), "--run-timeout", -1);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("--run-timeout must be at least 0, but is -1.");
  }

  @Test
  void zeroIsNoLimit() {
    Cli cli =
        Cli.run(
            "predict",
            shared.resolve("model.pb"),
            shared.resolve("images/red/1.png"),
            "--trust-graph",
            "--run-timeout",
            0);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out()).contains("red");
  }
}
