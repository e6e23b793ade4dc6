package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.cli.Cli;
import dev.retrain.cli.command.EvaluateCommandTest;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.SharedData;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A model of real images on a real pretrained network: evaluated, and used in pipes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvaluateIT {
  private static final int PER_CLASS = 100;

  private Path directory;
  private Path images;
  private Path models;
  private Path model;
  private JsonNode trained;

  @BeforeAll
  void train(@TempDir Path temporary) throws IOException {
    directory = temporary;
    images = directory.resolve("images");
    models = SharedData.mobileNetDirectory(directory.resolve("models"));
    model = directory.resolve("model.pb");
    SharedData.cifar10(images, PER_CLASS);
    Cli cli =
        Cli.run(
            "train",
            "--image-dir",
            images,
            "--bottleneck-dir",
            directory.resolve("bottleneck"),
            "--model-dir",
            models,
            "--backbone",
            "mobilenet_v1_0.25_224",
            "--features",
            "multi",
            "--iterations",
            200,
            "--output-graph",
            model,
            "--output-labels",
            directory.resolve("labels.txt"),
            "--summaries-dir",
            directory.resolve("logs"),
            "--no-plots",
            "--quiet",
            "--json");
    assertThat(cli.code()).as(cli.err()).isZero();
    trained = cli.json();
  }

  private JsonNode evaluate(Path cache, Object... more) throws IOException {
    Object[] command = {"evaluate", model, "--bottleneck-dir", cache, "--json", "--quiet"};
    Cli cli = Cli.run(Stream.of(command, more).flatMap(Stream::of).toArray());
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.json();
  }

  @Test
  void metricsEqualScikitLearnWithAndWithoutCache() throws IOException {
    PythonClient python = PythonClient.require();
    Path csv = directory.resolve("predictions.csv");
    JsonNode cached = evaluate(directory.resolve("bottleneck"), "--predictions", csv);
    EvaluateCommandTest.assertSame(cached, python.run("evaluate.py", csv));
    assertThat(cached.get("accuracy")).isEqualTo(trained.get("test_accuracy"));
    assertThat(cached.get("loss").asDouble())
        .isCloseTo(trained.get("test_loss").asDouble(), within(1e-5));
    assertThat(cached.get("notices")).isEmpty();

    // The backbone's file is not needed: the model contains the backbone.
    PathUtils.deleteDirectory(models);
    JsonNode computed = evaluate(directory.resolve("new cache"));
    assertThat(computed.get("count")).isEqualTo(cached.get("count"));
    assertThat(computed.get("loss").asDouble())
        .isCloseTo(cached.get("loss").asDouble(), within(1e-4));
    assertThat(computed.get("confusion")).isEqualTo(cached.get("confusion"));
  }

  private Process predict(Object... arguments) throws IOException {
    Object[] command = {"predict", model};
    return new RetrainJar(directory)
        .command(Stream.of(command, arguments).flatMap(Stream::of).toArray())
        .redirectError(directory.resolve("predict.err").toFile())
        .start();
  }

  @Test
  void closedPipeIsNoError() throws Exception {
    Process process = predict(images, "--format", "csv", "--quiet");
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).startsWith("path,label_1,");
    }
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(directory.resolve("predict.err")).content().isEmpty();
  }

  @Test
  void pathsAreReadFromStandardInput() throws Exception {
    List<Path> frogs;
    try (Stream<Path> files = Files.list(images.resolve("frog"))) {
      frogs = files.sorted().limit(3).toList();
    }
    Process process = predict("-", "--null", "--format", "csv", "--top", 1);
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (Path file : frogs) {
        process.getOutputStream().write((file + "\0").getBytes(StandardCharsets.UTF_8));
      }
      process.getOutputStream().close();
      List<String> lines = out.lines().toList();
      assertThat(lines).hasSize(4);
      for (int i = 0; i < frogs.size(); i++) {
        assertThat(lines.get(i + 1)).startsWith(frogs.get(i) + ",");
      }
    }
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
