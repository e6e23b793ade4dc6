package dev.retrain.job.output;

import dev.retrain.dataset.archive.ImageArchive;
import dev.retrain.dataset.labels.LabelSet;
import dev.retrain.evaluation.Evaluator;
import dev.retrain.evaluation.Predictions;
import dev.retrain.evaluation.assessment.Assessment;
import dev.retrain.evaluation.multilabel.MultiLabelPredictions;
import dev.retrain.image.PixelLimit;
import dev.retrain.image.render.SpriteSheet;
import dev.retrain.image.render.ThumbnailTask;
import dev.retrain.job.data.TrainingData;
import dev.retrain.job.data.VectorSelection;
import dev.retrain.job.data.VectorSelection.Entry;
import dev.retrain.tensorboard.Projector;
import dev.retrain.tensorboard.Projector.Points;
import dev.retrain.tensorboard.Projector.Sprite;
import dev.retrain.training.Head;
import dev.retrain.util.Progress;
import dev.retrain.util.io.NameEncoding;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Writes vectors for TensorBoard's projector, with actual and predicted classes and thumbnails.
 *
 * @param run the directory of a TensorBoard run
 * @param data the vectors
 * @param thumbnails maximum size of an image that is shown; absent if the vectors belong to no
 *     image files
 * @param progress receives the progress
 */
public record EmbeddingWriter(
    Path run, TrainingData data, Optional<PixelLimit> thumbnails, Progress progress) {
  /** The projector stays responsive up to about this number of points. */
  private static final int MAX_POINTS = 10_000;

  /** In pixels; below the limit of browsers, with 32 pixels per thumbnail of the most points. */
  private static final int MAX_SHEET_SIDE = 3200;

  private static final int MAX_THUMBNAIL_SIDE = 64;

  /**
   * Writes at most 10,000 vectors.
   *
   * @param head the trained head, which predicts the classes
   * @param test the test of the head, with its thresholds if an image may have several classes
   * @param batchSize vectors per batch
   * @throws IOException if a file can't be written
   */
  public void write(Head head, Assessment test, int batchSize) throws IOException {
    VectorSelection sample = ProjectorSample.draw(data.vectors(), data.labels().size(), MAX_POINTS);
    List<String> predicted = predicted(head, test, sample, batchSize);
    Projector.write(
        run,
        new Points(
            "bottlenecks",
            sample.length(),
            (index, target) -> sample.copy(index, target, 0),
            List.of("label", "predicted", "partition", "name"),
            metadata(sample, predicted),
            thumbnails.isPresent()
                ? Optional.of(sprite(sample, thumbnails.get()))
                : Optional.empty()));
  }

  /** The predicted classes of each vector as text. */
  private List<String> predicted(
      Head head, Assessment test, VectorSelection sample, int batchSize) {
    if (test instanceof Assessment.MultiLabel multi) {
      float[] thresholds = new float[data.labels().size()];
      for (int label = 0; label < thresholds.length; label++) {
        thresholds[label] = multi.predictions().threshold(label);
      }
      MultiLabelPredictions predictions =
          MultiLabelPredictions.of(
              data.labels(), sample, Evaluator.probabilities(head, sample, batchSize), thresholds);
      return IntStream.range(0, sample.count())
          .mapToObj(index -> LabelSet.join(predictions.predictedLabels(index)))
          .toList();
    }
    Predictions predictions = Evaluator.evaluate(head, data.labels(), sample, batchSize);
    return IntStream.range(0, sample.count())
        .mapToObj(index -> data.labels().get(predictions.predicted(index)))
        .toList();
  }

  private List<List<String>> metadata(VectorSelection sample, List<String> predicted) {
    return IntStream.range(0, sample.count())
        .mapToObj(
            index -> {
              Entry entry = sample.entries().get(index);
              return List.of(
                  LabelSet.join(LabelSet.of(entry.labels()).names(data.labels())),
                  predicted.get(index),
                  entry.partition().word(),
                  entry.name().substring(entry.name().lastIndexOf(File.separatorChar) + 1));
            })
        .toList();
  }

  private Sprite sprite(VectorSelection sample, PixelLimit limit) {
    int columns = (int) Math.ceil(Math.sqrt(sample.count()));
    int side = Math.max(1, Math.min(MAX_THUMBNAIL_SIDE, MAX_SHEET_SIDE / columns));
    try (SpriteSheet sheet = new SpriteSheet(sample.count(), side, limit)) {
      ThumbnailTask.run(
          IntStream.range(0, sample.count()).boxed().toList(),
          index -> ImageArchive.locate(NameEncoding.find(Path.of(sample.name(index)))),
          sheet::put,
          progress);
      return new Sprite(sheet.png(), side);
    }
  }
}
