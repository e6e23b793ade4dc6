package dev.retrain.job.output;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.Vectors;
import dev.retrain.evaluation.Evaluator;
import dev.retrain.evaluation.assessment.Assessment;
import dev.retrain.evaluation.multilabel.MultiLabelMetrics;
import dev.retrain.evaluation.multilabel.MultiLabelMetrics.ClassMetrics;
import dev.retrain.evaluation.multilabel.MultiLabelPredictions;
import dev.retrain.evaluation.multilabel.Thresholds;
import dev.retrain.job.data.TrainingData;
import dev.retrain.model.FineTuning;
import dev.retrain.model.ModelMetadata;
import dev.retrain.model.ModelMetadata.TrainingRun;
import dev.retrain.model.ModelMetadata.Versions;
import dev.retrain.model.ModelWriter;
import dev.retrain.model.TrainedModel;
import dev.retrain.model.TrainingHistory;
import dev.retrain.training.Evaluation;
import dev.retrain.training.Head;
import dev.retrain.training.Objective;
import dev.retrain.training.TrainingResult;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Tests trained heads and writes models: graph, labels, metadata, and TensorBoard's summaries of
 * the test.
 *
 * @param backbone the backbone of the models; absent if they accept vectors
 * @param outputs where the results go
 * @param testBatchSize vectors per batch of the test, at least 1; bounds the memory of a batch
 * @param versions the software that makes the model
 */
public record ModelPublisher(
    Optional<Backbone> backbone, TrainOutputs outputs, int testBatchSize, Versions versions) {
  /** Default number of vectors per batch of the test. */
  public static final int DEFAULT_TEST_BATCH_SIZE = 8000;

  public ModelPublisher {
    if (testBatchSize < 1) {
      throw new InvalidSettingException(
          Setting.TEST_BATCH_SIZE, "must be at least 1, but is %d", testBatchSize);
    }
  }

  /** The same with another backbone. */
  public ModelPublisher with(Backbone other) {
    return new ModelPublisher(Optional.of(other), outputs, testBatchSize, versions);
  }

  /**
   * The training that a model results from.
   *
   * @param options the user's options, for the metadata
   * @param seed the training's seed
   * @param events the directory of the training's own events
   * @param fineTuning what is known about the fine-tuning; absent without one
   */
  public record Run(JsonNode options, long seed, Path events, Optional<FineTuning> fineTuning) {
    /** A training of the head alone. */
    public Run(JsonNode options, long seed, Path events) {
      this(options, seed, events, Optional.empty());
    }
  }

  /**
   * Checks what can be checked before any work.
   *
   * @throws RetrainException if a directory can't be written to, or the backbone has a node with
   *     the name of the output
   */
  public void prepare() {
    outputs.prepare();
    ModelWriter.checkOutputName(backbone, outputs.finalTensorName());
  }

  /**
   * Evaluates a trained head on the test set. Where an image may have several labels, the
   * thresholds are chosen on the validation set.
   */
  public Assessment test(TrainingResult result, TrainingData data) {
    return assess(result.head(), data, data.vectors().test(), thresholds(result.head(), data));
  }

  /**
   * Evaluates a head on vectors.
   *
   * @param head the head
   * @param data the classes, and the validation set on which thresholds are chosen
   * @param vectors the vectors
   */
  public Assessment assess(Head head, TrainingData data, Vectors vectors) {
    return assess(head, data, vectors, Thresholds.defaults(data.labels().size()));
  }

  private float[] thresholds(Head head, TrainingData data) {
    float[] defaults = Thresholds.defaults(data.labels().size());
    return data.objective() == Objective.SINGLE_LABEL
        ? defaults
        : Thresholds.choose(predict(head, data.labels(), data.vectors().validation(), defaults));
  }

  private Assessment assess(Head head, TrainingData data, Vectors vectors, float[] thresholds) {
    return data.objective() == Objective.SINGLE_LABEL
        ? new Assessment.SingleLabel(
            Evaluator.evaluate(head, data.labels(), vectors, testBatchSize))
        : new Assessment.MultiLabel(predict(head, data.labels(), vectors, thresholds));
  }

  private MultiLabelPredictions predict(
      Head head, List<String> labels, Vectors vectors, float[] thresholds) {
    return MultiLabelPredictions.of(
        labels, vectors, Evaluator.probabilities(head, vectors, testBatchSize), thresholds);
  }

  /**
   * Writes the model and the summaries of its test.
   *
   * @param run the training
   * @param result its result
   * @param test the test of the trained head
   * @param data the data of the training
   * @return the model's metadata
   * @throws IOException if a file can't be written
   */
  public ModelMetadata publish(Run run, TrainingResult result, Assessment test, TrainingData data)
      throws IOException {
    ModelMetadata model =
        ModelWriter.write(
            outputs.model(),
            TrainedModel.builder()
                .backbone(backbone)
                .head(result.head())
                .labels(data.labels())
                .thresholds(thresholds(test))
                .outputName(outputs.finalTensorName())
                .data(data.origin())
                .options(run.options())
                .training(
                    new TrainingRun(
                        run.seed(),
                        outputs.summariesDir().toString(),
                        run.fineTuning().orElse(null)))
                .metrics(summary(result, test))
                .versions(versions)
                .build());
    TestSummaries.write(run.events(), test, result.best().iteration());
    return model;
  }

  private static List<Float> thresholds(Assessment test) {
    if (!(test instanceof Assessment.MultiLabel multi)) {
      return List.of();
    }
    return multi.metrics().classes().stream().map(ClassMetrics::threshold).toList();
  }

  private static ModelMetadata.Metrics summary(TrainingResult result, Assessment test) {
    List<Evaluation> history = result.history();
    Optional<MultiLabelMetrics> multi =
        test instanceof Assessment.MultiLabel found
            ? Optional.of(found.metrics())
            : Optional.empty();
    return new ModelMetadata.Metrics(
        test.score(),
        test.count(),
        test.loss(),
        result.best().validationAccuracy(),
        result.best().iteration(),
        result.iterations(),
        TrainingHistory.of(history, result.best()),
        multi.map(metrics -> test.objective().metricName()).orElse(null),
        multi.map(metrics -> metrics.micro().f1()).orElse(null),
        multi.map(metrics -> metrics.macro().f1()).orElse(null));
  }
}
