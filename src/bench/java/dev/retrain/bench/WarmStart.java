package dev.retrain.bench;

import dev.retrain.bottleneck.cache.RandomVectors;
import dev.retrain.bottleneck.text.TextFolder;
import dev.retrain.bottleneck.text.TextVectors;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.util.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Time to load cached vectors for a training. */
final class WarmStart implements Measurements {
  private static final int LENGTH = 2048;
  private static final int CLASSES = 10;
  private static final String SECONDS = "seconds";
  private static final String CHECKED = "checked";
  private static final String ALL = "all";

  @Override
  public String title() {
    return "Warm start";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws Exception {
    int count = setting.size(60_000, 500);
    int texts = setting.size(600, 20);
    double scale = (double) count / texts;
    Path images = setting.directory().resolve("named");
    Path cache = setting.directory().resolve("warm");
    Path text = setting.directory().resolve("text");
    writeFiles(images, count);
    RandomVectors.fill(cache, ImageFolder.scan(images), LENGTH);
    writeTexts(text, texts);
    Rounds rounds =
        new Rounds()
            .with(
                "cache",
                samples -> {
                  var result =
                      Child.java(setting, List.of(), WarmStartProcess.class, images, cache).json();
                  samples.add(SECONDS, result.get("seconds").asDouble());
                  samples.add(CHECKED, result.get("checked_seconds").asDouble());
                  samples.add(ALL, result.get("all_seconds").asDouble());
                })
            .with(
                "text",
                samples -> {
                  TextFolder folder = TextFolder.list(text, Optional.empty());
                  Clock clock = Clock.start();
                  TextVectors.read(folder, true, Progress.NONE);
                  samples.add(SECONDS, scale * clock.seconds());
                })
            .with(
                "python",
                samples ->
                    samples.add(
                        SECONDS,
                        scale
                            * Child.python(setting, "bench_text.py", text)
                                .json()
                                .get("seconds")
                                .asDouble()))
            .warmUp()
            .run(setting.size(5, 1));
    String name = "%,d vectors of %,d from the cache into memory".formatted(count, LENGTH);
    Figure ours = rounds.figure("cache", SECONDS);
    return List.of(
        Measurement.alone(name, Unit.SECONDS, ours).target(Target.oursAtMost(1)),
        Measurement.alone(name, Unit.SECONDS, ours)
            .against("text files, read by retrain", rounds.figure("text", SECONDS))
            .target(Target.ratioAtLeast(20)),
        Measurement.alone(name, Unit.SECONDS, ours)
            .against("text files, read like retrain.py", rounds.figure("python", SECONDS))
            .target(Target.ratioAtLeast(20)),
        Measurement.alone(
            "the same, checking every file for changes",
            Unit.SECONDS,
            rounds.figure("cache", CHECKED)),
        Measurement.alone(
            "the same, listing and splitting the files",
            Unit.SECONDS,
            rounds.figure("cache", ALL)));
  }

  /** Writes files that are never read, because the cache contains their vectors. */
  private static void writeFiles(Path directory, int count) throws Exception {
    for (int i = 0; i < CLASSES; i++) {
      Files.createDirectories(directory.resolve("class" + i));
    }
    for (int i = 0; i < count; i++) {
      Files.writeString(
          directory.resolve("class%d/%06d.jpg".formatted(i % CLASSES, i)), Integer.toString(i));
    }
  }

  private static void writeTexts(Path directory, int count) throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < count; i++) {
      Path folder = Files.createDirectories(directory.resolve("class" + i % CLASSES));
      String vector =
          IntStream.range(0, LENGTH)
              .mapToObj(j -> Float.toString(2 * random.nextFloat()))
              .collect(Collectors.joining(","));
      Files.writeString(folder.resolve("%06d.jpg.txt".formatted(i)), vector);
    }
  }
}
