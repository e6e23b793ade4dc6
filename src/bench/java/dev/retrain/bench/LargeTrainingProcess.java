package dev.retrain.bench;

import dev.retrain.bottleneck.cache.RandomVectors;
import dev.retrain.job.sweep.RecordedTraining;
import dev.retrain.util.Json;
import java.nio.file.Path;

/** A process that trains on vectors in a file. */
final class LargeTrainingProcess {
  private static final int VALIDATION = 1000;

  private LargeTrainingProcess() {}

  /**
   * Trains, and prints the seconds it took.
   *
   * @param arguments the vector file, its number of vectors, the iterations, the log directory
   */
  public static void main(String[] arguments) throws Exception {
    Bench.quietLogs();
    int count = Integer.parseInt(arguments[1]);
    Clock clock = Clock.start();
    try (RandomVectors vectors =
        RandomVectors.open(
            Path.of(arguments[0]), count, LargeTraining.LENGTH, LargeTraining.CLASSES)) {
      RecordedTraining.run(
          Integer.parseInt(arguments[2]),
          vectors.range(VALIDATION, count),
          vectors.range(0, VALIDATION),
          LargeTraining.CLASSES,
          Path.of(arguments[3]));
      System.out.println(Json.mapper().createObjectNode().put("seconds", clock.seconds()));
    }
  }
}
