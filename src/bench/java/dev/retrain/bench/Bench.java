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
 * Measures the tool against its peers; {@code mvn -Pbench verify}.
 *
 * <p>Writes {@code target/bench/bench.md}, {@code .json} and {@code .png}. {@code
 * -Dbench.quick=true} takes tiny sizes, to see that it works; {@code -Dbench.large=true} adds what
 * takes minutes and gigabytes; {@code -Dbench.only=Training} measures the group of that title
 * alone.
 */
public final class Bench {
  /**
   * The environment variable by which TensorFlow gives each session threads of its own, where it is
   * 1. Otherwise the first session of a process says how many threads all others have, and what is
   * compared here has different numbers of them.
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
          new StartTime(),
          new LargeTraining());

  private Bench() {}

  /**
   * Runs it.
   *
   * @param arguments none
   * @throws IllegalStateException where something could not be measured that should have been
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
      say("%4.0f s: %s", clock.seconds(), group.title());
      try {
        rows.addAll(group.measure(setting));
      } catch (TestAbortedException e) {
        rows.add(Measurement.missing(group.title(), "skipped: " + e.getMessage()));
      } catch (Exception e) {
        failures.add(e);
        rows.add(Measurement.missing(group.title(), "failed: " + e.getMessage()));
      }
      // After each group, so that a run that is cut short leaves what it has.
      new Report(machine(setting, loadBefore), rows).write(OUTPUT);
    }
    Report report = new Report(machine(setting, loadBefore), rows);
    report.write(OUTPUT);
    say("%s", report.markdown());
    say("%.0f seconds in all; %s has it as Markdown, JSON and a plot.", clock.seconds(), OUTPUT);
    if (!failures.isEmpty()) {
      IllegalStateException failed = new IllegalStateException("not everything could be measured");
      failures.forEach(failed::addSuppressed);
      throw failed;
    }
  }

  private static void say(String format, Object... arguments) {
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
        setting.quick() ? "; tiny sizes, not for figures" : "");
  }

  private static String processor() throws IOException {
    Path file = Path.of("/proc/cpuinfo");
    return Files.isReadable(file)
        ? Files.readAllLines(file).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("an unnamed processor")
        : "an unnamed processor";
  }

  /** How many threads have wanted to run in the last minute. */
  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /** Leaves warnings: what the library tells while it works is not measured. */
  static void quietLogs() {
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
  }
}
