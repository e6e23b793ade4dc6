package dev.retrain.bench;

import dev.retrain.job.sweep.RecordedTraining;
import dev.retrain.testing.FixedVectors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;

/** Training time of one layer, with all TensorBoard summaries. */
final class TrainingSpeed implements Measurements {
  // The length of the published networks' outputs, which retrain.py uses.
  private static final int LENGTH = 1001;

  private static final int CLASSES = 10;
  private static final String ONE = "NumPy on one thread";
  private static final String ALL = "NumPy on all cores";
  private static final String SECONDS = "seconds";

  @Override
  public String title() {
    return "Training";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws Exception {
    int iterations = setting.size(2000, 50);
    int few = setting.size(30, 10);
    FixedVectors training =
        FixedVectors.clustered(1, setting.size(37_500, 500), LENGTH, CLASSES, 8);
    FixedVectors validation =
        FixedVectors.clustered(2, setting.size(5000, 100), LENGTH, CLASSES, 8);
    Path texts = setting.directory().resolve("cached-texts");
    // Until Java's JIT compiler has compiled it.
    ours(setting, iterations, training, validation);
    Rounds rounds =
        new Rounds()
            .with(
                "ours",
                samples -> samples.add(SECONDS, ours(setting, iterations, training, validation)))
            .with(
                "retrain.py",
                samples -> {
                  Path logs = setting.fresh("logs");
                  double seconds =
                      Child.python(
                              setting, "bench_retrain_py_training.py", texts, logs, LENGTH, few)
                          .json()
                          .get("seconds")
                          .asDouble();
                  samples.add(SECONDS, seconds * iterations / few);
                  FileUtils.deleteDirectory(logs.toFile());
                })
            .with(ONE, samples -> numpy(setting, training, iterations, 1, samples))
            .with(ALL, samples -> numpy(setting, training, iterations, EveryCore.COUNT, samples))
            .run(setting.size(5, 1));
    Measurement row =
        Measurement.alone(
            "%,d iterations of 150 vectors of %,d values, all summaries"
                .formatted(iterations, LENGTH),
            Unit.SECONDS,
            rounds.figure("ours", SECONDS));
    return List.of(
        row.against("retrain.py's loop", rounds.figure("retrain.py", SECONDS))
            .target(Target.ratioAtLeast(60)),
        row.against("bare NumPy: no summaries, no evaluation, no output", numpy(rounds))
            .target(Target.ratioAtLeast(0.25)));
  }

  private static double ours(
      Setting setting, int iterations, FixedVectors training, FixedVectors validation)
      throws IOException {
    Path logs = setting.fresh("logs");
    Clock clock = Clock.start();
    RecordedTraining.run(iterations, training, validation, CLASSES, logs);
    double seconds = clock.seconds();
    FileUtils.deleteDirectory(logs.toFile());
    return seconds;
  }

  private static void numpy(
      Setting setting, FixedVectors training, int iterations, int threads, Rounds.Samples samples)
      throws Exception {
    samples.add(
        SECONDS,
        Child.python(setting, "bench_numpy.py", training.count(), LENGTH, iterations, threads)
            .json()
            .get("seconds")
            .asDouble());
  }

  /** The faster of the two; which one depends on the machine's load. */
  private static Figure numpy(Rounds rounds) {
    Figure one = rounds.figure(ONE, SECONDS);
    Figure all = rounds.figure(ALL, SECONDS);
    return !one.isMeasured() || one.median() < all.median() ? one : all;
  }
}
