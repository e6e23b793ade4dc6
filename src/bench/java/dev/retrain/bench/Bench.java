package dev.retrain.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.io.FileUtils;
import org.opentest4j.TestAbortedException;
import org.slf4j.LoggerFactory;
import org.tensorflow.TensorFlow;

/**
 * Compares the tool with its peers; {@code mvn -Pbench verify}.
 *
 * <p>Writes {@code target/bench/bench.md}, {@code .json} and {@code .png}. {@code
 * -Dbench.quick=true} uses tiny sizes, to test the benchmark; {@code -Dbench.large=true} adds what
 * takes minutes and gigabytes; {@code -Dbench.only=Training} measures only the group of that title.
 */
public final class Bench {
  /**
   * If this environment variable is 1, TensorFlow gives each session its own threads. Otherwise the
   * first session of a process determines the number of threads of all others, and the sessions
   * that are compared here need different numbers.
   */
  static final String POOL_PER_SESSION = "TF_OVERRIDE_GLOBAL_THREADPOOL";

  private static final Path OUTPUT = Path.of("target", "bench");

  private static final List<Measurements> ALL =
      List.of(
          new InceptionSpeed(),
          new BatchSizes(),
          new MobileNetSpeed(),
          new CostPerImage(),
          new OptimizedVectors(),
          new WarmStart(),
          new TrainingSpeed(),
          new FineTuneSpeed(),
          new StartTime(),
          new LargeTraining());

  private Bench() {}

  /**
   * Runs the benchmark.
   *
   * @param arguments none
   * @throws IllegalStateException if a measurement fails; skipped ones are listed
   */
  public static void main(String[] arguments) throws IOException {
    if (!"1".equals(System.getenv(POOL_PER_SESSION))) {
      throw new IllegalStateException(
          "%s is not 1; run mvn -Pbench verify".formatted(POOL_PER_SESSION));
    }
    quietLogs();
    Path directory = Files.createTempDirectory("retrain-bench");
    try {
      run(
          new Setting(
              Boolean.getBoolean("bench.quick"),
              Boolean.getBoolean("bench.large"),
              directory,
              Path.of("target", "retrain.jar").toAbsolutePath()));
    } finally {
      FileUtils.deleteDirectory(directory.toFile());
    }
  }

  private static void run(Setting setting) throws IOException {
    List<Measurement> rows = new ArrayList<>();
    List<Exception> failures = new ArrayList<>();
    String only = System.getProperty("bench.only", "");
    Clock clock = Clock.start();
    double loadBefore = load();
    for (Measurements group : ALL) {
      if (!only.isEmpty() && !only.equals(group.title())) {
        continue;
      }
      print("%4.0f s: %s", clock.seconds(), group.title());
      try {
        rows.addAll(group.measure(setting));
      } catch (TestAbortedException e) {
        rows.add(Measurement.missing(group.title(), "skipped: " + e.getMessage()));
      } catch (Exception e) {
        failures.add(e);
        rows.add(Measurement.missing(group.title(), "failed: " + e.getMessage()));
      }
      // After each group, so that an interrupted run leaves its results.
      new Report(machine(setting, loadBefore), rows).write(OUTPUT);
    }
    Report report = new Report(machine(setting, loadBefore), rows);
    report.write(OUTPUT);
    print("%s", report.markdown());
    print(
        "Took %.0f s; the results are in %s as Markdown, JSON and a plot.",
        clock.seconds(), OUTPUT);
    if (!failures.isEmpty()) {
      IllegalStateException failed = new IllegalStateException("some measurements failed");
      failures.forEach(failed::addSuppressed);
      throw failed;
    }
  }

  private static void print(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }

  private static String machine(Setting setting, double loadBefore) throws IOException {
    return String.format(
        Locale.ROOT,
        "%d cores of %s, %s %s, Java %s, TensorFlow %s; load %.1f before, %.1f after%s.",
        EveryCore.COUNT,
        processor(),
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Runtime.version(),
        TensorFlow.version(),
        loadBefore,
        load(),
        setting.quick() ? "; tiny sizes, no real figures" : "");
  }

  private static String processor() throws IOException {
    Path file = Path.of("/proc/cpuinfo");
    return Files.isReadable(file)
        ? Files.readAllLines(file).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("an unknown processor")
        : "an unknown processor";
  }

  /** The load average of the last minute. */
  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /** Logs warnings only, because the library's progress messages are not measured. */
  static void quietLogs() {
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
  }
}
