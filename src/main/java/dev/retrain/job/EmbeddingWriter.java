package dev.retrain.job;

import dev.retrain.evaluation.Evaluator;
import dev.retrain.evaluation.TestResult.Mistake;
import dev.retrain.job.PointSample.Point;
import dev.retrain.picture.SpriteSheet;
import dev.retrain.picture.UnreadablePicture;
import dev.retrain.tensorboard.Projector;
import dev.retrain.tensorboard.Projector.Points;
import dev.retrain.tensorboard.Projector.Sprite;
import dev.retrain.training.Head;
import dev.retrain.work.Progress;
import dev.retrain.work.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives TensorBoard's projector the vectors, with their classes, what the head takes them for, and
 * thumbnails.
 *
 * @param run the directory of a run of TensorBoard
 * @param examples the vectors
 * @param pictures whether they are of picture files, which are shown
 * @param progress is told of every picture
 */
record EmbeddingWriter(Path run, Examples examples, boolean pictures, Progress progress) {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddingWriter.class);

  /** What a browser still turns around in good order. */
  private static final int MOST = 10_000;

  /** Well below what a browser takes, and 32 pixels for each of the most points. */
  private static final int LARGEST_SHEET = 3200;

  private static final int LARGEST_SIDE = 64;

  /**
   * Writes it.
   *
   * @param head what says what a vector is taken for
   * @param batchSize vectors evaluated at once
   */
  void write(Head head, int batchSize) throws IOException {
    PointSample sample = PointSample.of(examples.vectors(), examples.labels().size(), MOST);
    List<Mistake> mistakes;
    try (Evaluator evaluator = new Evaluator(head)) {
      mistakes = evaluator.test(sample, batchSize).mistakes();
    }
    Projector.write(
        run,
        new Points(
            "bottlenecks",
            sample.length(),
            (index, target) -> sample.copy(index, target, 0),
            List.of("label", "predicted", "partition", "name"),
            words(sample, mistakes),
            pictures ? Optional.of(sprite(sample)) : Optional.empty()));
  }

  private List<List<String>> words(PointSample sample, List<Mistake> mistakes) {
    int[] predicted = new int[sample.count()];
    for (int i = 0; i < predicted.length; i++) {
      predicted[i] = sample.label(i);
    }
    mistakes.forEach(mistake -> predicted[Integer.parseInt(mistake.name())] = mistake.predicted());
    List<List<String>> words = new ArrayList<>();
    for (int i = 0; i < predicted.length; i++) {
      Point point = sample.points().get(i);
      words.add(
          List.of(
              examples.labels().get(point.label()),
              examples.labels().get(predicted[i]),
              point.partition().word(),
              Path.of(point.file()).getFileName().toString()));
    }
    return words;
  }

  private Sprite sprite(PointSample sample) {
    int inRow = (int) Math.ceil(Math.sqrt(sample.count()));
    int side = Math.max(1, Math.min(LARGEST_SIDE, LARGEST_SHEET / inRow));
    progress.begin("Thumbnails", "pictures", sample.count());
    try (SpriteSheet sheet = new SpriteSheet(sample.count(), side)) {
      try (Workers workers = new Workers()) {
        for (int i = 0; i < sample.count(); i++) {
          int place = i;
          Path picture = Path.of(sample.points().get(i).file());
          workers.execute(() -> put(sheet, place, picture));
        }
        workers.finish();
      }
      return new Sprite(sheet.png(), side);
    } finally {
      progress.end();
    }
  }

  private void put(SpriteSheet sheet, int place, Path picture) {
    if (progress.cancelled()) {
      return;
    }
    try {
      sheet.put(place, Files.readAllBytes(picture));
    } catch (IOException | UnreadablePicture e) {
      // Its vector was cached; the picture alone is gone since.
      LOG.warn("{} has no thumbnail ({}).", picture, e.getMessage());
    }
    progress.advance(1);
  }
}
