package dev.retrain.job.finetune;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.evaluation.assessment.Assessment;
import dev.retrain.finetune.EpochResult;
import dev.retrain.finetune.FineTuneListener;
import dev.retrain.finetune.FineTuned;
import dev.retrain.finetune.graph.FineTuneGraph.StepMetrics;
import dev.retrain.finetune.image.BatchBuilder;
import dev.retrain.finetune.image.DistortionSheet;
import dev.retrain.job.output.EventPosition;
import dev.retrain.job.output.TensorBoardListener;
import dev.retrain.tensorboard.ImageSummary;
import dev.retrain.training.Evaluation;
import dev.retrain.training.Objective;
import dev.retrain.training.ScalarSummary;
import dev.retrain.util.EvenIndexes;
import dev.retrain.util.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.proto.Summary;

/** Evaluates the epochs of a fine-tuning, and writes its events. */
final class EpochListener implements FineTuneListener {
  private static final Logger LOG = LoggerFactory.getLogger(EpochListener.class);

  /** Updates between summaries, as for the head. */
  private static final int INTERVAL = 10;

  private static final int SHOWN_IMAGES = 16;

  private static final String EVENTS = "events";

  private final DecodedSet validation;
  private final Objective objective;
  private final Optional<TensorBoardListener> events;
  private final int firstIteration;
  private final List<Double> validationLosses = new ArrayList<>();
  private int updates;
  private int evaluated;
  private float rate;
  private float weightNorm = Float.NaN;

  /**
   * @param validation the validation images
   * @param objective what the head predicts
   * @param events receives the summaries, if they are written
   * @param firstIteration number of iterations of the head's training, which the iterations here
   *     follow
   */
  EpochListener(
      DecodedSet validation,
      Objective objective,
      Optional<TensorBoardListener> events,
      int firstIteration) {
    this.validation = validation;
    this.objective = objective;
    this.events = events;
    this.firstIteration = firstIteration;
  }

  /** Writes some of the training images as the network sees them in the first epoch. */
  void showImages(BatchBuilder batches) throws IOException {
    int count = batches.count();
    int[] evenly = EvenIndexes.of(count, Math.min(SHOWN_IMAGES, count)).toArray();
    try {
      Summary images =
          ImageSummary.encode("training_images", DistortionSheet.draw(batches, evenly, 0));
      events.ifPresent(to -> to.updated(firstIteration, images));
    } catch (LinkageError | InternalError e) {
      // Java without its graphics libraries, as in slim containers.
      LOG.debug("Images can't be drawn", e);
    }
  }

  @Override
  public void started(int step, int steps, JsonNode state) {
    state.path("validation_losses").forEach(loss -> validationLosses.add(loss.asDouble()));
    weightNorm = (float) state.path("weight_norm").asDouble(Double.NaN);
    evaluated = state.path("evaluated").asInt();
    rate = (float) state.path("learning_rate").asDouble();
    updates = step;
    if (step > 0) {
      LOG.info("Resuming at update {} of {}.", step, steps);
    }
  }

  @Override
  public void updated(int step, float learningRate, StepMetrics metrics) {
    rate = learningRate;
    updates = step;
    if (step % INTERVAL == 0) {
      Summary.Builder summary =
          Summary.newBuilder()
              .addValue(ScalarSummary.of(objective.metricName(), metrics.accuracy()))
              .addValue(ScalarSummary.of(objective.lossName(), metrics.loss()))
              .addValue(ScalarSummary.of("learning_rate", learningRate))
              .addValue(ScalarSummary.of("gradient_norm", metrics.gradientNorm()));
      if (!Float.isNaN(weightNorm)) {
        summary.addValue(ScalarSummary.of("weight_norm", weightNorm));
        weightNorm = Float.NaN;
      }
      events.ifPresent(to -> to.updated(firstIteration + step, summary.build()));
    }
  }

  @Override
  public void weightNorm(int step, float norm) {
    weightNorm = norm;
  }

  @Override
  public double epochEnded(EpochResult epoch, FineTuned tuned) throws IOException {
    if (epoch.step() == 0) {
      // Cancelled before the first update.
      return 0;
    }
    Assessment result = validation.assess(tuned.network(), tuned.head());
    if (!Double.isFinite(result.loss())) {
      return Double.NaN;
    }
    validationLosses.add(result.loss());
    Evaluation evaluation = evaluation(epoch, result.score(), result.loss());
    evaluated = epoch.step();
    Summary summary =
        Summary.newBuilder()
            .addValue(ScalarSummary.of(objective.metricName(), evaluation.validationAccuracy()))
            .addValue(ScalarSummary.of(objective.lossName(), evaluation.validationLoss()))
            .addValue(ScalarSummary.of("learning_rate", rate))
            .build();
    events.ifPresent(to -> to.evaluated(evaluation, Summary.getDefaultInstance(), summary));
    LOG.info(
        "Epoch {}: validation {} {}.", epoch.epoch(), name(objective), percent(result.score()));
    return result.score();
  }

  /** The evaluations of the epochs of a result. */
  List<Evaluation> evaluations(List<EpochResult> epochs) {
    List<Evaluation> all = new ArrayList<>();
    for (int i = 0; i < epochs.size(); i++) {
      // The last epoch of a cancelled training may lack an evaluation.
      if (i < validationLosses.size()) {
        EpochResult epoch = epochs.get(i);
        all.add(evaluation(epoch, epoch.validation(), validationLosses.get(i)));
      }
    }
    return all;
  }

  private Evaluation evaluation(EpochResult epoch, double score, double loss) {
    return new Evaluation(
        firstIteration + epoch.step(), epoch.accuracy(), epoch.loss(), score, loss);
  }

  @Override
  public JsonNode state() {
    ObjectNode state = Json.mapper().createObjectNode();
    ArrayNode losses = state.putArray("validation_losses");
    validationLosses.forEach(losses::add);
    state.put("evaluated", evaluated);
    state.put("learning_rate", rate);
    if (!Float.isNaN(weightNorm)) {
      state.put("weight_norm", weightNorm);
    }
    events.ifPresent(
        to ->
            state.set(
                EVENTS,
                Json.mapper()
                    .valueToTree(to.flush(firstIteration + updates, firstIteration + evaluated))));
    return state;
  }

  /** Where the events stood when a state was saved; absent if none were written. */
  static Optional<EventPosition> events(JsonNode state) {
    return Optional.of(state.path(EVENTS))
        .filter(JsonNode::isObject)
        .map(json -> Json.mapper().convertValue(json, EventPosition.class));
  }

  @Override
  public void cancelled(Optional<Path> checkpoint) {
    LOG.info(
        "Interrupted; {}the network so far is evaluated. A second interrupt ends the command at once,"
            + " without a model.",
        checkpoint.map(file -> "the checkpoint " + file + " is written, and ").orElse(""));
  }

  @Override
  public void checkpointFailed(IOException problem) {
    LOG.warn(
        "The checkpoint can't be written, so the training can't be resumed if it is interrupted: {}",
        problem.getMessage());
  }

  /** The metric's name in a sentence. */
  static String name(Objective objective) {
    return objective.metricName().replace('_', ' ');
  }

  static String percent(double score) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * score);
  }
}
