package dev.retrain.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.testing.PythonClient;
import dev.retrain.util.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * A process that succeeded.
 *
 * @param out its standard output
 * @param seconds its duration
 * @param gibibytes its peak resident memory; 0 if the system does not report it
 */
record Child(String out, double seconds, double gibibytes) {
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
  private static final int POLL_INTERVAL_MS = 20;
  private static final Path SCRIPTS = Path.of("src", "bench", "python");

  /** Runs the packaged jar. */
  static Child retrain(Setting setting, Object... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(java(), "-jar", setting.jar().toString()));
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    ProcessBuilder builder = new ProcessBuilder(command);
    // As in a user's environment.
    builder.environment().remove("TF_CPP_MIN_LOG_LEVEL");
    return run(setting, builder);
  }

  /** Runs a class of the benchmark. */
  static Child java(Setting setting, List<String> jvm, Class<?> main, Object... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(java()));
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    return run(setting, new ProcessBuilder(command));
  }

  /**
   * Runs a script of src/bench/python.
   *
   * @throws TestAbortedException if Python is not available
   */
  static Child python(Setting setting, String script, Object... arguments) throws Exception {
    PythonClient python;
    try {
      python = PythonClient.require();
    } catch (TestAbortedException e) {
      throw new TestAbortedException("no Python", e);
    }
    return run(setting, new ProcessBuilder(python.command(SCRIPTS.resolve(script), arguments)));
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static Child run(Setting setting, ProcessBuilder builder) throws Exception {
    Path out = Files.createTempFile(setting.directory(), "out", "");
    Path err = Files.createTempFile(setting.directory(), "err", "");
    // A user does not set this.
    builder.environment().remove(Bench.POOL_PER_SESSION);
    long start = System.nanoTime();
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    long peak = 0;
    try {
      while (!process.waitFor(POLL_INTERVAL_MS, TimeUnit.MILLISECONDS)) {
        peak = Math.max(peak, peakKibibytes(process.pid()));
      }
    } finally {
      process.destroy();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (process.exitValue() != 0) {
      throw new IllegalStateException(
          "%s ended with exit code %d: %s"
              .formatted(
                  String.join(" ", builder.command()), process.exitValue(), Files.readString(err)));
    }
    return new Child(Files.readString(out), seconds, peak / 1024.0 / 1024);
  }

  // The system keeps the peak, so the last poll is close enough.
  private static long peakKibibytes(long pid) {
    try {
      Matcher peak = PEAK.matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
      return peak.find() ? Long.parseLong(peak.group(1)) : 0;
    } catch (IOException e) {
      // It has just ended, or this is not Linux.
      return 0;
    }
  }

  /** The last line of its standard output, as JSON; warnings may precede it. */
  JsonNode json() throws IOException {
    return Json.mapper().readTree(out.lines().reduce((first, second) -> second).orElse(""));
  }
}
