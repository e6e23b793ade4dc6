package dev.retrain.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.it.RetrainJar;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals, closed streams, missing homes and damaged native libraries, of the packaged jar. */
class ProcessFaultsIT {
  private static final String MODEL = "tmp/output_graph.pb";

  @TempDir private static Path directory;
  private static RetrainJar jar;

  @BeforeAll
  static void makeInputs() throws Exception {
    jar = new RetrainJar(directory);
    SampleImages.write(directory.resolve("images"), 12, 1, Progress.NONE);
    RetrainJar.Result made =
        jar.run("train", "-i", "images", "-b", "scattering", "--iterations", 20);
    assertThat(made.code()).as(made.err()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
  void signalKeepsTheExtractedVectors(String signal, int code) throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(RetrainJar.PERL), "needs perl");
    Assumptions.assumeFalse(
        signal.equals("HUP") && ignoresHangUp(), "nohup makes processes ignore SIGHUP");
    Path images = directory.resolve("many");
    if (!Files.exists(images)) {
      SampleImages.write(images, 150, 1, Progress.NONE);
    }
    Path cache = directory.resolve("cache-" + signal);
    Path err = directory.resolve("err.txt");
    Process process = extraction(images, cache).redirectError(err.toFile()).start();
    while (!hasVectors(cache)) {
      assertThat(process.waitFor(10, TimeUnit.MILLISECONDS)).isFalse();
    }
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(code);
    assertThat(out).isEmpty();
    assertThat(err).content().contains("Interrupted", "cached in").doesNotContain("\tat ");
    assertThat(Snapshot.of(cache).temporary()).isEmpty();
    JsonNode second = jar.run(extraction(images, cache)).json();
    assertThat(second.get("reused").asInt()).isPositive();
    assertThat(second.get("reused").asInt() + second.get("computed").asInt()).isEqualTo(900);
  }

  /** Whether this process, and so those that it starts, ignore SIGHUP, signal 1. */
  private static boolean ignoresHangUp() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .map(line -> new BigInteger(line.substring(line.indexOf(':') + 1).strip(), 16))
        .anyMatch(mask -> mask.testBit(0));
  }

  private static ProcessBuilder extraction(Path images, Path cache) {
    return jar.command(
        "bottleneck", "-i", images, "-b", "scattering", "--bottleneck-dir", cache, "--json");
  }

  private static boolean hasVectors(Path cache) throws IOException {
    if (!Files.isDirectory(cache)) {
      return false;
    }
    try (Stream<Path> files = Files.list(cache)) {
      return files.anyMatch(file -> file.toString().endsWith(".bin") && file.toFile().length() > 0);
    }
  }

  private static RetrainJar.Result shell(String script) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", script);
    builder.environment().put("R", "'%s' -jar '%s'".formatted(RetrainJar.java(), RetrainJar.FILE));
    return jar.run(jar.inUserEnvironment(builder));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "predict tmp/output_graph.pb images --quiet",
        "evaluate tmp/output_graph.pb --quiet",
        "completion bash",
        "train --help",
        "models",
      })
  void closedPipeEndsQuietly(String command) throws Exception {
    RetrainJar.Result result =
        shell("eval \"$R " + command + "\" | head -1; echo ${PIPESTATUS[0]}");
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).hasLineCount(2).endsWith("\n0\n");
  }

  @ParameterizedTest
  @CsvSource({
    "predict tmp/output_graph.pb images/dots 2>&-, 0",
    "models 2>&-, 0",
    "train --nonsense 2>&-, 2",
    "predict tmp/output_graph.pb images/dots >&-, 1",
    "models >&- 2>&-, 1",
  })
  void closedStreamDoesNotCrash(String command, int code) throws Exception {
    RetrainJar.Result result = shell("eval \"$R " + command + "\"");
    assertThat(result.code()).isEqualTo(code);
    assertThat(result.err()).doesNotContain("\tat ");
    assertThat(result.out()).doesNotContain("SIGSEGV");
  }

  @ParameterizedTest
  @ValueSource(strings = {"?", "/nonexistent"})
  void homeIsNotNeeded(String home) throws Exception {
    Path working = Files.createTempDirectory(directory, "homeless");
    Path temporary = Files.createDirectory(working.resolve("temporary"));
    ProcessBuilder builder =
        new RetrainJar(working)
            .command(
                RetrainJar.java(),
                List.of("-Duser.home=" + home, "-Djava.io.tmpdir=" + temporary),
                "models",
                "--json");
    builder.environment().remove("HOME");
    RetrainJar.Result result = jar.run(builder);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).isEmpty();
    // Nothing is written to a directory called "?".
    assertThat(working).isDirectoryNotContaining(path -> !path.equals(temporary));
  }

  @Test
  void missingTemporaryDirectoryIsNotNeeded() throws Exception {
    RetrainJar.Result result =
        jar.run(
            jar.command(
                RetrainJar.java(),
                List.of("-Djava.io.tmpdir=/nonexistent"),
                "train",
                "-i",
                "images",
                "-b",
                "scattering",
                "--iterations",
                20,
                "--force",
                "--quiet"));
    assertThat(result.code()).as(result.err()).isZero();
  }

  @Test
  void noDirectoryForNativeLibrariesIsReported() throws Exception {
    RetrainJar.Result result =
        jar.run(
            jar.command(
                RetrainJar.java(),
                List.of("-Duser.home=/proc/none", "-Djava.io.tmpdir=/proc/none"),
                "bottleneck",
                "-i",
                "images",
                "-b",
                "scattering",
                "--bottleneck-dir",
                "unused"));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .startsWith("retrain: Native libraries can't be unpacked")
        .contains("/proc/none", "-Dorg.bytedeco.javacpp.cachedir=DIRECTORY")
        .hasLineCount(1);
  }

  @Test
  void damagedNativeLibraryIsUnpackedAgainOrNamed() throws Exception {
    Path natives = directory.resolve("natives");
    assertThat(predict(natives).code()).isZero();
    Path library = library(natives);
    long size = Files.size(library);
    FileTime time = Files.getLastModifiedTime(library);

    // Cut, as a killed process or a full disk leaves it.
    Files.write(library, new byte[1000]);
    Files.setLastModifiedTime(library, time);
    assertThat(predict(natives).code()).isZero();
    assertThat(library).hasSize(size);

    // Cut in its middle, before the others were unpacked: the one that needs it is loaded first.
    try (Stream<Path> others = Files.list(library.getParent())) {
      for (Path other : others.filter(file -> !file.endsWith(library.getFileName())).toList()) {
        Files.delete(other);
      }
    }
    try (FileChannel file = FileChannel.open(library, StandardOpenOption.WRITE)) {
      file.truncate(size / 2);
    }
    assertThat(predict(natives).code()).isZero();
    assertThat(library).hasSize(size);

    // Of the right size and time, but zeros, as a power failure may leave it.
    Files.write(library, new byte[0]);
    try (var file = new java.io.RandomAccessFile(library.toFile(), "rw")) {
      file.setLength(size);
    }
    Files.setLastModifiedTime(library, time);
    RetrainJar.Result zeros = predict(natives);
    assertThat(zeros.code()).isEqualTo(1);
    assertThat(zeros.err())
        .startsWith("retrain: TensorFlow's native library can't be loaded")
        .contains("delete that directory", natives.toString())
        .doesNotContain("\tat ");
  }

  private static RetrainJar.Result predict(Path natives) throws Exception {
    return jar.run(
        jar.command(
            RetrainJar.java(),
            List.of("-Dorg.bytedeco.javacpp.cachedir=" + natives),
            "predict",
            MODEL,
            "images/dots"));
  }

  private static Path library(Path natives) throws IOException {
    try (Stream<Path> files = Files.walk(natives)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("libtensorflow_framework"))
          .filter(file -> !Files.isSymbolicLink(file))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void filesFromTheFutureAreCachedAndReadAgainWhenTheyChange() throws Exception {
    Path images = directory.resolve("future");
    SampleImages.write(images, 4, 1, Progress.NONE);
    Instant future = Instant.now().plus(Duration.ofDays(400));
    Path changed = images.resolve("dots/dots_000.jpg");
    Path other = images.resolve("dots/dots_001.jpg");
    try (Stream<Path> files = Files.walk(images)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.from(future));
      }
    }
    Path cache = directory.resolve("future-cache");
    assertThat(jar.run(extraction(images, cache)).json().get("computed").asInt()).isEqualTo(24);
    assertThat(jar.run(extraction(images, cache)).json().get("reused").asInt()).isEqualTo(24);
    // The clock went back: a new file is older than the cached one.
    byte[] content = Files.readAllBytes(other);
    // Bytes after the end of a JPEG image are allowed.
    Files.write(changed, Arrays.copyOf(content, content.length + 1));
    assertThat(jar.run(extraction(images, cache)).json().get("computed").asInt()).isEqualTo(1);
  }
}
