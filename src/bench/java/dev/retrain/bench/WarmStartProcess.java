package dev.retrain.bench;

import dev.retrain.bottleneck.cache.RandomVectors;
import dev.retrain.bottleneck.extract.ExtractionJob;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.job.data.ImageSource;
import dev.retrain.job.data.TrainingData;
import dev.retrain.util.Json;
import dev.retrain.util.Progress;
import java.nio.file.Path;

/** A process that reads its vectors from a full cache, as {@code train} does. */
final class WarmStartProcess {
  private WarmStartProcess() {}

  /**
   * Reads the vectors, and prints the seconds it took.
   *
   * @param arguments the image directory and the cache
   */
  public static void main(String[] arguments) throws Exception {
    Bench.quietLogs();
    ImageSource source =
        new ImageSource(
            new ExtractionJob(
                Path.of(arguments[0]), Path.of(arguments[1]), RandomVectors.backbone(), true));
    Clock clock = Clock.start();
    try (TrainingData examples = source.prepare(SplitOptions.DEFAULT, Progress.NONE)) {
      double all = clock.seconds();
      System.out.println(
          Json.mapper()
              .createObjectNode()
              .put("seconds", examples.loadSeconds())
              .put("checked_seconds", examples.extractSeconds() + examples.loadSeconds())
              .put("all_seconds", all));
    }
  }
}
