package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.cli.Cli;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.SharedData;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** 720 bottleneck files of twelve classes, written by retrain.py. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetrainPyVectorsIT {
  private static final int FILES = 720;

  private Path directory;
  private Path text;

  @BeforeAll
  void unpack(@TempDir Path temporary) throws IOException {
    directory = temporary;
    text = directory.resolve("bottleneck");
    try (InputStream file =
            new BufferedInputStream(
                Files.newInputStream(SharedData.file("retrain-py-bottlenecks.tar.gz")));
        TarArchiveInputStream tar =
            new TarArchiveInputStream(
                GzipCompressorInputStream.builder().setInputStream(file).get(), "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        // bottleneck/<class>/<image>.txt
        if (entry.isFile()) {
          Path target = directory.resolve(entry.getName());
          Files.createDirectories(target.getParent());
          Files.copy(tar, target);
        }
      }
    }
  }

  private static Set<Path> files(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(root::relativize)
          .collect(TreeSet::new, Set::add, Set::addAll);
    }
  }

  private JsonNode run(Object... arguments) throws IOException {
    Cli cli =
        Cli.run(Stream.of(arguments, new Object[] {"-q", "--json"}).flatMap(Stream::of).toArray());
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.json();
  }

  @Test
  void exportedFilesEqualImportedFiles() throws IOException {
    Path cache = directory.resolve("cache");
    Path out = directory.resolve("out");
    JsonNode imported = run("bottleneck", "import", text, "--bottleneck-dir", cache);
    assertThat(imported.get("imported").asInt()).isEqualTo(FILES);
    run("bottleneck", "export", out, "--bottleneck-dir", cache, "--architecture", "");
    assertThat(files(out)).hasSize(FILES).isEqualTo(files(text));
    int equal = 0;
    for (Path file : files(text)) {
      equal += Files.mismatch(text.resolve(file), out.resolve(file)) < 0 ? 1 : 0;
    }
    System.out.printf("retrain.py's files: %d of %d are byte-equal%n", equal, FILES);
    assertThat(equal).isEqualTo(FILES);
  }

  private JsonNode train(String run, int seed, int iterations) throws IOException {
    Path output = directory.resolve(run);
    return run(
        "train",
        "--vectors",
        text,
        "--seed",
        seed,
        "--iterations",
        iterations,
        "--output-graph",
        output.resolve("graph.pb"),
        "--output-labels",
        output.resolve("labels.txt"),
        "--summaries-dir",
        output.resolve("logs"),
        "--no-plots");
  }

  @Test
  void accuracyMatchesScikitLearn() throws IOException {
    PythonClient python = PythonClient.require();
    double sum = 0;
    int seeds = 3;
    int count = 0;
    for (int seed = 1; seed <= seeds; seed++) {
      JsonNode result = train("seed" + seed, seed, 2000);
      sum += result.get("test_accuracy").asDouble();
      count = result.get("test_count").asInt();
    }
    JsonNode peer = python.run("fit_logistic.py", text);
    System.out.printf(
        "retrain.py's files: test accuracy %.4f over %d seeds, scikit-learn %.4f, on %d images%n",
        sum / seeds, seeds, peer.get("test_accuracy").asDouble(), count);
    assertThat(count).isEqualTo(peer.get("test_count").asInt());
    assertThat(sum / seeds).isGreaterThan(peer.get("test_accuracy").asDouble() - 0.02);
  }

  @Test
  void pythonTensorFlowRunsTheGraph() throws IOException {
    PythonClient python = PythonClient.require();
    train("python", 1, 100);
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                directory.resolve("python/graph.pb"),
                "input/BottleneckInputPlaceholder:0",
                "final_result:0",
                "final_layer/weights:0",
                "final_layer/biases:0"));
    files(text).stream().limit(100).map(text::resolve).forEach(arguments::add);
    JsonNode result = python.run("run_layer.py", arguments.toArray());
    assertThat(result.get("graph")).hasSize(100);
    for (int row = 0; row < 100; row++) {
      for (int c = 0; c < 12; c++) {
        assertThat(result.at("/graph/%d/%d".formatted(row, c)).asDouble())
            .isCloseTo(result.at("/by_hand/%d/%d".formatted(row, c)).asDouble(), within(1e-4));
      }
    }
  }
}
