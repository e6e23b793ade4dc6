package dev.retrain.util;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.image.PixelLimit;
import dev.retrain.image.decode.RgbDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Session;

/** The settings that programs which embed the library get, each in a Java process of its own. */
class TensorFlowRuntimeTest {
  private static final String THREAD_POOL = "TF_OVERRIDE_GLOBAL_THREADPOOL";
  private static final String TF32 = "NVIDIA_TF32_OVERRIDE";

  /** A program that only uses the library; prints the variables as native code sees them. */
  static final class EmbeddingProgram {
    private EmbeddingProgram() {}

    public static void main(String[] arguments) {
      new RgbDecoder(PixelLimit.DEFAULT).close();
      printSettings();
    }
  }

  /** A program that uses TensorFlow before the library. */
  static final class LateProgram {
    private LateProgram() {}

    public static void main(String[] arguments) {
      try (Graph graph = new Graph()) {
        new Session(graph).close();
      }
      new RgbDecoder(PixelLimit.DEFAULT).close();
      new RgbDecoder(PixelLimit.DEFAULT).close();
      printSettings();
    }
  }

  private static void printSettings() {
    for (String name : List.of(THREAD_POOL, TF32)) {
      System.out.println(name + "=" + ProcessEnvironment.get(name).orElse("not set"));
    }
  }

  private static List<String> run(Class<?> program, Map<String, String> environment)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of(THREAD_POOL, TF32));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }

  @Test
  void embeddingProgramGetsSettings() throws Exception {
    assertThat(run(EmbeddingProgram.class, Map.of()))
        .contains(THREAD_POOL + "=1", TF32 + "=0")
        .noneMatch(line -> line.contains("WARN"));
  }

  @Test
  void settingsOfUserAreKept() throws Exception {
    assertThat(run(EmbeddingProgram.class, Map.of(THREAD_POOL, "0", TF32, "1")))
        .contains(THREAD_POOL + "=0", TF32 + "=1")
        .noneMatch(line -> line.contains("WARN"));
  }

  @Test
  void earlierUseOfTensorFlowIsLoggedOnce() throws Exception {
    assertThat(run(LateProgram.class, Map.of()))
        .filteredOn(line -> line.contains("WARN"))
        .singleElement()
        .asString()
        .contains(THREAD_POOL + "=1", TF32 + "=0", "ensureConfigured");
    assertThat(run(LateProgram.class, Map.of(THREAD_POOL, "1", TF32, "0")))
        .noneMatch(line -> line.contains("WARN"));
  }
}
