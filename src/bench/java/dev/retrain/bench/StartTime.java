package dev.retrain.bench;

import dev.retrain.bottleneck.extract.ExtractionJob;
import dev.retrain.util.Progress;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.tensorflow.proto.Event;

/** Startup time. */
final class StartTime implements Measurements {
  private static final String SECONDS = "seconds";

  @Override
  public String title() {
    return "Startup";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws Exception {
    int count = setting.size(5000, 100);
    Rounds help =
        new Rounds()
            .with(
                "help", samples -> samples.add(SECONDS, Child.retrain(setting, "--help").seconds()))
            .warmUp()
            .run(setting.size(7, 2));
    Rounds train =
        new Rounds()
            .with("train", samples -> samples.add(SECONDS, untilFirstIteration(setting, count)))
            .run(setting.size(5, 1));
    return List.of(
        Measurement.alone("`retrain --help`", Unit.SECONDS, help.figure("help", SECONDS))
            .target(Target.oursAtMost(0.4)),
        Measurement.alone(
                "`retrain train` with %,d cached vectors, to its first iteration".formatted(count),
                Unit.SECONDS,
                train.figure("train", SECONDS))
            .target(Target.oursAtMost(3)));
  }

  private static double untilFirstIteration(Setting setting, int count) throws Exception {
    Path images = setting.images(count);
    Path cache = setting.directory().resolve("started");
    if (!Files.isDirectory(cache)) {
      new ExtractionJob(images, cache, setting.mobileNet(), true).run(Progress.NONE);
    }
    Path results = setting.fresh("results");
    double start = System.currentTimeMillis() / 1000.0;
    Child.retrain(
        setting,
        "train",
        "--image-dir",
        images,
        "--bottleneck-dir",
        cache,
        "--backbone",
        Setting.MOBILE_NET,
        "--model-dir",
        setting.models().path(),
        "--iterations",
        10,
        "--output-graph",
        results.resolve("graph.pb"),
        "--output-labels",
        results.resolve("labels.txt"),
        "--summaries-dir",
        results.resolve("logs"),
        "--no-plots",
        "--quiet",
        "--json");
    double seconds = firstIteration(results.resolve("logs/train")) - start;
    FileUtils.deleteDirectory(results.toFile());
    return seconds;
  }

  /** The time of the first iteration's event, in seconds since 1970. */
  private static double firstIteration(Path run) throws IOException {
    Path file;
    try (Stream<Path> files = Files.list(run)) {
      file = files.findFirst().orElseThrow();
    }
    try (InputStream raw = Files.newInputStream(file);
        DataInputStream in = new DataInputStream(raw)) {
      while (true) {
        // A record: length, checksum of the length, event, checksum of the event.
        int length = Math.toIntExact(Long.reverseBytes(in.readLong()));
        in.skipNBytes(Integer.BYTES);
        Event event = Event.parseFrom(in.readNBytes(length));
        in.skipNBytes(Integer.BYTES);
        if (event.getStep() == 1) {
          return event.getWallTime();
        }
      }
    }
  }
}
