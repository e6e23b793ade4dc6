package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.backbone.guard.HostileGraph;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.util.Progress;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Graphs with harmful ops, given to the commands that run graphs. */
class TrustGraphTest {
  @TempDir private static Path shared;
  @TempDir private Path directory;

  @BeforeAll
  static void train() throws IOException {
    SampleImages.write(shared.resolve("images"), 20, 1, Progress.NONE);
    Cli cli = train(shared, "-b", "scattering");
    assertThat(cli.code()).as(cli.err()).isZero();
  }

  private static Cli train(Path directory, Object... more) {
    return Cli.run(
        words(
            List.of(
                "train",
                "-i",
                shared.resolve("images"),
                "--iterations",
                5,
                "-o",
                directory.resolve("model.pb"),
                "--output-labels",
                directory.resolve("labels.txt"),
                "--summaries-dir",
                directory.resolve("logs"),
                "--bottleneck-dir",
                directory.resolve("cache"),
                "--no-plots",
                "-q"),
            more));
  }

  private static Object[] words(List<?> first, Object... more) {
    return Stream.concat(first.stream(), Arrays.stream(more)).toArray();
  }

  private Path written() {
    return directory.resolve("written.txt");
  }

  private NodeDef.Builder file() {
    return HostileGraph.text("evil/file", written().toString());
  }

  private static NodeDef.Builder write() {
    return HostileGraph.node("evil/write", "WriteFile", "evil/file", "evil/file");
  }

  private Path graphThatWrites() throws IOException {
    GraphDef graph = new HostileGraph().add(file()).run(write()).build();
    return Files.write(directory.resolve("evil.pb"), graph.toByteArray());
  }

  /** The trained model with more nodes, of which the last one runs before the output. */
  private Path model(NodeDef.Builder... nodes) throws IOException {
    byte[] trained = Files.readAllBytes(shared.resolve("model.pb"));
    GraphDef.Builder graph = GraphDef.parseFrom(trained).toBuilder();
    String last = nodes[nodes.length - 1].getName();
    for (NodeDef.Builder node : graph.getNodeBuilderList()) {
      if (node.getName().equals("final_result")) {
        node.addInput("^" + last);
      }
    }
    for (NodeDef.Builder node : nodes) {
      graph.addNode(node);
    }
    byte[] changed = graph.build().toByteArray();
    String metadata = Files.readString(shared.resolve("model.json"));
    Files.writeString(
        directory.resolve("model.json"),
        metadata.replace(Sha256.sha256(trained), Sha256.sha256(changed)));
    return Files.write(directory.resolve("model.pb"), changed);
  }

  private Object[] command(String name, Path model) {
    List<?> words =
        switch (name) {
          case "predict" -> List.of(name, model, shared.resolve("images"));
          case "export" -> List.of(name, model, "--to", directory.resolve("saved"));
          case "report" ->
              List.of(
                  name,
                  model,
                  "--bottleneck-dir",
                  shared.resolve("cache"),
                  "-o",
                  directory.resolve("report.html"));
          default -> List.of(name, model, "--bottleneck-dir", shared.resolve("cache"));
        };
    return words(words, "-q");
  }

  private static void assertRefused(Cli cli, String op) {
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err())
        .contains(op, "--trust-graph")
        .doesNotContain("Internal error", "\tat ", "trust in the graph");
    assertThat(cli.err().strip().lines()).hasSize(1);
  }

  @Test
  void backboneThatWritesAFileIsRefused() throws IOException {
    assertRefused(train(directory, "--graph", graphThatWrites()), "WriteFile");
    assertThat(written()).doesNotExist();
    assertThat(directory.resolve("model.pb")).doesNotExist();
  }

  @Test
  void backboneThatWritesAFileRunsIfItIsTrusted() throws IOException {
    Cli cli =
        train(directory, "--graph", graphThatWrites(), "--trust-graph", "--bottleneck", "pool");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(written()).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ReadFile", "Abort"})
  void backboneWithAHarmfulOpIsRefused(String op) throws IOException {
    NodeDef.Builder evil =
        op.equals("Abort")
            ? HostileGraph.node("evil", op)
            : HostileGraph.node("evil", op, "evil/file");
    GraphDef graph = new HostileGraph().add(file()).run(evil).build();
    Path file = Files.write(directory.resolve("evil.pb"), graph.toByteArray());
    assertRefused(train(directory, "--graph", file), op);
    assertRefused(train(directory, "--graph", file, "--no-optimize", "--mirror"), op);
  }

  @ParameterizedTest
  @ValueSource(strings = {"predict", "evaluate", "report", "export"})
  void modelThatWritesAFileIsRefused(String command) throws IOException {
    assertRefused(Cli.run(command(command, model(file(), write()))), "WriteFile");
    assertThat(written()).doesNotExist();
    assertThat(directory.resolve("report.html")).doesNotExist();
    assertThat(directory.resolve("saved")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"predict", "evaluate", "report", "export"})
  void modelThatAbortsIsRefused(String command) throws IOException {
    assertRefused(Cli.run(command(command, model(HostileGraph.node("evil", "Abort")))), "Abort");
  }

  @ParameterizedTest
  @ValueSource(strings = {"predict", "evaluate", "report", "export"})
  void modelThatWritesAFileRunsIfItIsTrusted(String command) throws IOException {
    Cli cli =
        Cli.run(words(Arrays.asList(command(command, model(file(), write()))), "--trust-graph"));
    assertThat(cli.code()).as(cli.err()).isZero();
    if (!command.equals("export")) {
      assertThat(written()).exists();
    }
  }
}
