package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.dataset.cifar.SampleArchive;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.testing.Graphs;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.SharedData;
import dev.retrain.testing.Tool;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The documentation's commands and Python programs, run as they are written, page by page, each in
 * a directory that has what the page takes for granted. The downloads come from a local mirror.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocsSnippetsIT {
  private static final String LABEL = SampleImages.labels().get(2);
  private static final int PER_CLASS = 20;
  private static final int PER_BATCH = 60;

  /** Programs that build, install or serve; other tests run them. */
  private static final List<String> NOT_RUN = List.of("mvn", "docker", "pip", "tensorboard");

  /** Blocks that need what no test has: tf2onnx, a proxy, another mirror, other vectors. */
  private static final List<String> SKIPPED =
      List.of(
          "tf2onnx",
          "proxy.example",
          "mirror.example",
          "/etc/retrain",
          "--bottleneck MobilenetV1/Predictions/Reshape:0");

  @TempDir private static Path root;
  private Path programs;
  private Path prepared;
  private Mirror mirror;
  private Path sources;

  @BeforeAll
  void prepare() throws Exception {
    PythonClient.require();
    mirror = new Mirror(root, new SampleArchive(1, PER_BATCH));
    mirror.add(SharedData.file("mobilenet_v1_0.25_224_frozen.tgz"));
    sources = mirror.sources();
    programs = Files.createDirectory(root.resolve("bin"));
    for (String name : NOT_RUN) {
      program(name, "exit 0");
    }
    program("retrain", "exec java -jar '" + RetrainJar.FILE + "' \"$@\"");
    prepared = Files.createDirectory(root.resolve("prepared"));
    writeImages();
    writeOtherFiles();
    run(
        prepared,
        """
        java -jar target/retrain.jar quickstart --quiet
        java -jar target/retrain.jar download --quiet
        rm -r data/train2
        java -jar target/retrain.jar bottleneck --image-dir photos --quiet
        java -jar target/retrain.jar bottleneck export bottlenecks --image-dir photos --quiet
        java -jar target/retrain.jar train --quiet --image-dir photos --backbone mobilenet_v1_0.25_224
        """);
  }

  @AfterAll
  void stopMirror() {
    if (mirror != null) {
      mirror.close();
    }
  }

  private void program(String name, String script) throws IOException {
    Path file = Files.writeString(programs.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void writeImages() throws IOException {
    SampleImages.write(prepared.resolve("photos"), PER_CLASS, 1, Progress.NONE);
    SampleImages.write(prepared.resolve("new_photos"), 2, 2, Progress.NONE);
    Path images = prepared.resolve("new_photos").resolve(LABEL);
    Files.copy(images.resolve(LABEL + "_000.jpg"), prepared.resolve("some.jpg"));
    ImageIO.write(
        ImageIO.read(images.resolve(LABEL + "_001.jpg").toFile()),
        "png",
        prepared.resolve("other.png").toFile());
    for (String label : SampleImages.labels()) {
      Path folder = prepared.resolve("photos").resolve(label);
      Files.move(folder.resolve(label + "_000.jpg"), folder.resolve("bt_0.jpg"));
    }
  }

  private void writeOtherFiles() throws IOException {
    Path target = Files.createDirectory(prepared.resolve("target"));
    Files.createSymbolicLink(target.resolve("retrain.jar"), RetrainJar.FILE);
    Path distribution = Path.of("target/retrain-0.1.0.tar.gz").toAbsolutePath();
    Files.createSymbolicLink(target.resolve(distribution.getFileName()), distribution);
    for (String archive : List.of(Mirror.CIFAR, Mirror.INCEPTION)) {
      Files.createSymbolicLink(prepared.resolve(archive), root.resolve(archive));
    }
    byte[] graph =
        Graphs.of(tf -> Graphs.pool(tf, "pool", Graphs.images(tf, "input", 224, 224), 112, 112))
            .toByteArray();
    Files.write(prepared.resolve("net.pb"), graph);
    Files.writeString(prepared.resolve("arguments.txt"), "--force --image-dir photos\n");
  }

  /** The page, in a copy of the prepared directory; the cache is shared. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "docs/getting-started.md",
        "docs/how-to/augment.md",
        "docs/how-to/choose-a-backbone.md",
        "docs/how-to/evaluate-and-report.md",
        "docs/how-to/export.md",
        "docs/how-to/gpu.md",
        "docs/how-to/improve-accuracy.md",
        "docs/how-to/migrate-from-retrain-py.md",
        "docs/how-to/mirrors-and-proxies.md",
        "docs/how-to/predict.md",
        "docs/how-to/sweep.md",
        "docs/reference/cache-format.md",
        "docs/reference/configuration.md",
        "docs/tutorials/cifar10.md",
        "docs/tutorials/own-images.md"
      })
  void snippetsOfPageRun(String page) throws Exception {
    Path directory = root.resolve(page.replace('/', '_'));
    FileUtils.copyDirectory(prepared.toFile(), directory.toFile());
    StringBuilder script = new StringBuilder();
    for (String language : List.of("yaml", "sh", "python")) {
      for (String block : DocsPage.read(Path.of(page)).blocks(language)) {
        if (SKIPPED.stream().noneMatch(block::contains)) {
          script.append(commands(language, block));
        }
      }
    }
    assertThat(script).isNotEmpty();
    run(directory, script.toString());
    FileUtils.deleteDirectory(directory.toFile());
  }

  private static String commands(String language, String block) {
    return switch (language) {
      case "yaml" -> "cat >retrain.yaml <<'EOF'\n" + block + "EOF\n";
      // Without weights=None, Keras downloads the weights.
      case "python" ->
          "python - <<'EOF'\n"
              + block.replace("include_top=False", "include_top=False, weights=None")
              + "EOF\n";
      default -> preparation(block) + block;
    };
  }

  /** A network as a SavedModel in the directory {@code exported}. */
  private static final String EXPORT =
      """
      python - <<'EOF'
      from keras import Input, Sequential, layers
      network = Sequential([Input((32, 32, 3)), layers.Conv2D(8, 3), layers.GlobalAveragePooling2D()])
      network.export("exported")
      EOF
      """;

  private static String preparation(String block) {
    if (block.contains("--saved-model exported")) {
      return EXPORT + "rm -f tmp/output_*\n";
    }
    if (block.contains("--image-dir data/train50k") && !block.contains("cp ")) {
      return "cp -r -T data/train data/train50k\n";
    }
    // Sections are alternatives: each trains where no model exists.
    return block.contains(" train ") && !block.contains("--force") ? "rm -f tmp/output_*\n" : "";
  }

  /** Runs a script; it stops at the first command that fails. */
  private void run(Path directory, String script) throws Exception {
    ProcessBuilder shell =
        new RetrainJar(directory)
            .inUserEnvironment(
                new ProcessBuilder(
                    Tool.require("bash").program().toString(),
                    "-euo",
                    "pipefail",
                    "-x",
                    "-c",
                    script));
    shell.environment().putAll(environment());
    RetrainJar.Result result = new RetrainJar(directory).run(shell);
    assertThat(result.code()).as("%s%n%s", script, result.err()).isZero();
  }

  private Map<String, String> environment() {
    Map<String, String> variables = new TreeMap<>();
    variables.put("HOME", root.resolve("home").toString());
    variables.put("RETRAIN_SOURCES", sources.toString());
    variables.put(
        "PATH",
        String.join(
            ":",
            programs.toString(),
            Tool.require("python").program().getParent().toString(),
            RetrainJar.java().getParent().toString(),
            System.getenv("PATH")));
    return variables;
  }
}
