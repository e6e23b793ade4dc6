package dev.retrain.bench;

import dev.retrain.bottleneck.cache.RandomVectors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.opentest4j.TestAbortedException;

/** Training on more vectors than fit into memory. */
final class LargeTraining implements Measurements {
  static final int LENGTH = 2048;
  static final int CLASSES = 10;

  @Override
  public String title() {
    return "Training from a large file";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws Exception {
    if (!setting.large()) {
      throw new TestAbortedException("it takes minutes and 8 GB of disk; -Dbench.large=true");
    }
    int count = setting.size(1_000_000, 5000);
    int iterations = setting.size(300, 20);
    Path file = setting.directory().resolve("large.bin");
    RandomVectors.write(file, count, LENGTH, CLASSES);
    Path logs = setting.fresh("logs");
    Child child =
        Child.java(
            setting,
            // Too little for all vectors.
            List.of("-Xmx2g"),
            LargeTrainingProcess.class,
            file,
            count,
            iterations,
            logs);
    Files.delete(file);
    FileUtils.deleteDirectory(logs.toFile());
    String name =
        "%,d iterations on %,d vectors of %,d values on disk".formatted(iterations, count, LENGTH);
    return List.of(
        Measurement.alone(
            name, Unit.SECONDS, Figure.of(List.of(child.json().get("seconds").asDouble()))),
        Measurement.alone(
                name + ": peak memory", Unit.GIBIBYTES, Figure.of(List.of(child.gibibytes())))
            .target(Target.oursAtMost(4)));
  }
}
