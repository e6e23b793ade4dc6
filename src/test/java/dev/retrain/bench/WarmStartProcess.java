package dev.retrain.bench;

import dev.retrain.bottleneck.RandomVectors;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.job.BottleneckJob;
import dev.retrain.job.Examples;
import dev.retrain.job.PictureSource;
import dev.retrain.model.Json;
import dev.retrain.work.Progress;
import java.nio.file.Path;

/** A fresh process that gets its vectors from a full cache, as {@code train} does. */
final class WarmStartProcess {
  private WarmStartProcess() {}

  /**
   * Prints how long that took.
   *
   * @param arguments the directory of the pictures; the cache
   */
  public static void main(String[] arguments) throws Exception {
    Bench.quietLogs();
    PictureSource source =
        new PictureSource(
            new BottleneckJob(
                Path.of(arguments[0]), Path.of(arguments[1]), RandomVectors.backbone(), true));
    Clock clock = Clock.start();
    try (Examples examples = source.prepare(SplitOptions.DEFAULT, Progress.NONE)) {
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
