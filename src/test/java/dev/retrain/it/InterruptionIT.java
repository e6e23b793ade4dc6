package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.testing.SharedData;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged jar, interrupted by signals. */
class InterruptionIT {
  @TempDir private Path directory;
  private RetrainJar jar;

  @BeforeEach
  void setDirectory() {
    jar = new RetrainJar(directory);
  }

  private ProcessBuilder bottlenecks(String cache) throws IOException {
    Path images = directory.resolve("images");
    Path models = directory.resolve("models");
    if (!Files.exists(images)) {
      SharedData.mobileNetDirectory(models);
      SharedData.cifar10(images, 500);
    }
    return jar.command(
        "bottleneck",
        "--image-dir",
        images,
        "--bottleneck-dir",
        cache,
        "--model-dir",
        models,
        "--backbone",
        "mobilenet_v1_0.25_224",
        "--json");
  }

  /** Starts a process, and sends it a signal as soon as it reports progress of a stage. */
  private RetrainJar.Result interrupt(ProcessBuilder builder, String stage, String signal)
      throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(RetrainJar.PERL), "needs perl");
    Path out = Files.createTempFile(directory, "out", "");
    Process process = builder.redirectOutput(out.toFile()).start();
    StringBuilder err = new StringBuilder();
    try (BufferedReader lines = process.errorReader()) {
      boolean sent = false;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        err.append(line).append('\n');
        if (!sent && line.startsWith(stage)) {
          sent = true;
          new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
        }
      }
      assertThat(sent).as(err.toString()).isTrue();
    }
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return new RetrainJar.Result(process.exitValue(), Files.readString(out), err.toString());
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "KILL, 137"})
  void interruptedExtractionResumes(String signal, int code) throws Exception {
    String interrupted = "interrupted" + signal;
    RetrainJar.Result ended = interrupt(bottlenecks(interrupted), "Bottlenecks: ", signal);
    assertThat(ended.code()).isEqualTo(code);
    assertThat(ended.out()).isEmpty();
    if (signal.equals("INT")) {
      assertThat(ended.err()).contains("5,000");
    }
    JsonNode rest = jar.run(bottlenecks(interrupted)).json();
    assertThat(rest.get("reused").asInt()).isPositive();
    assertThat(rest.get("computed").asInt()).isPositive();
    assertThat(rest.get("reused").asInt() + rest.get("computed").asInt()).isEqualTo(5000);

    JsonNode whole = jar.run(bottlenecks("whole")).json();
    assertThat(whole.get("computed").asInt()).isEqualTo(5000);
    Map<String, float[]> resumed = vectors(directory.resolve(interrupted));
    Map<String, float[]> expected = vectors(directory.resolve("whole"));
    assertThat(resumed.keySet()).isEqualTo(expected.keySet());
    expected.forEach((hash, vector) -> assertThat(resumed.get(hash)).hasSameSizeAs(vector));
    double worst = 0;
    for (Map.Entry<String, float[]> entry : expected.entrySet()) {
      worst = Math.max(worst, distance(entry.getValue(), resumed.get(entry.getKey())));
    }
    assertThat(worst).isLessThan(1e-5);
  }

  private static double distance(float[] a, float[] b) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < a.length; i++) {
      difference += Math.pow((double) a[i] - b[i], 2);
      norm += Math.pow(a[i], 2);
    }
    return Math.sqrt(difference / norm);
  }

  /** Reads every vector that the database references. */
  private static Map<String, float[]> vectors(Path cache) throws SQLException, IOException {
    Map<String, float[]> vectors = new TreeMap<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + cache.resolve("bottlenecks.sqlite"));
        Statement sql = connection.createStatement();
        ResultSet row =
            sql.executeQuery(
                "SELECT sha256, record, vector_length FROM vector JOIN backbone ON backbone = id")) {
      byte[] file = Files.readAllBytes(cache.resolve("vectors-1-0.bin"));
      while (row.next()) {
        int length = row.getInt(3);
        int size = 32 + 4 * length + 4;
        byte[] record = Arrays.copyOfRange(file, row.getInt(2) * size, (row.getInt(2) + 1) * size);
        assertThat(Arrays.copyOf(record, 32)).isEqualTo(row.getBytes(1));
        float[] vector = new float[length];
        ByteBuffer.wrap(record, 32, 4 * length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer()
            .get(vector);
        vectors.put(HexFormat.of().formatHex(row.getBytes(1)), vector);
      }
    }
    return vectors;
  }

  @Test
  void interruptedTrainingSavesItsBestIteration() throws Exception {
    assertThat(jar.run("quickstart", "--quiet").code()).isZero();
    RetrainJar.Result ended =
        interrupt(
            jar.command(
                "train",
                "--image-dir",
                "tmp/quickstart/images",
                "--backbone",
                "scattering",
                "--iterations",
                10_000_000,
                "--json"),
            "Training: ",
            "INT");
    assertThat(ended.code()).isEqualTo(130);
    assertThat(ended.json().get("interrupted").asBoolean()).isTrue();
    RetrainJar.Result predicted =
        jar.run("predict", "tmp/output_graph.pb", "tmp/quickstart/new/rings/rings_000.jpg");
    assertThat(predicted.code()).isZero();
    assertThat(predicted.out()).contains("rings");
  }
}
