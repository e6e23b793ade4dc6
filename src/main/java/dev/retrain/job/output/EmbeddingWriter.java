package dev.retrain.job.output;

import dev.retrain.evaluation.Evaluator;
import dev.retrain.evaluation.TestResult.Mistake;
import dev.retrain.image.render.SpriteSheet;
import dev.retrain.image.render.ThumbnailTask;
import dev.retrain.job.data.TrainingData;
import dev.retrain.job.output.ProjectorSample.Point;
import dev.retrain.tensorboard.Projector;
import dev.retrain.tensorboard.Projector.Points;
import dev.retrain.tensorboard.Projector.Sprite;
import dev.retrain.training.Head;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Gives TensorBoard's projector the vectors, with their classes, what the head takes them for, and
 * thumbnails.
 *
 * @param run the directory of a run of TensorBoard
 * @param examples the vectors
 * @param images whether they are of image files, which are shown
 * @param progress is told of every image
 */
public record EmbeddingWriter(Path run, TrainingData examples, boolean images, Progress progress) {
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
  public void write(Head head, int batchSize) throws IOException {
    ProjectorSample sample =
        ProjectorSample.draw(examples.vectors(), examples.labels().size(), MOST);
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
            images ? Optional.of(sprite(sample)) : Optional.empty()));
  }

  private List<List<String>> words(ProjectorSample sample, List<Mistake> mistakes) {
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

  private Sprite sprite(ProjectorSample sample) {
    int inRow = (int) Math.ceil(Math.sqrt(sample.count()));
    int side = Math.max(1, Math.min(LARGEST_SIDE, LARGEST_SHEET / inRow));
    try (SpriteSheet sheet = new SpriteSheet(sample.count(), side)) {
      ThumbnailTask.run(
          IntStream.range(0, sample.count()).boxed().toList(),
          index -> Path.of(sample.points().get(index).file()),
          sheet::put,
          progress);
      return new Sprite(sheet.png(), side);
    }
  }
}
