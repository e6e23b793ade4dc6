package dev.retrain.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.backbone.Backbone;
import dev.retrain.model.ModelMetadata.Metrics;
import dev.retrain.model.ModelMetadata.TrainingRun;
import dev.retrain.model.ModelMetadata.Versions;
import dev.retrain.model.data.DataOrigin;
import dev.retrain.training.Head;
import dev.retrain.training.Objective;
import dev.retrain.util.Json;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A trained model in memory, with everything that is written of it.
 *
 * @param backbone the backbone; absent if the model accepts vectors
 * @param head the trained head
 * @param labels the classes, in the order of the head's outputs
 * @param thresholds for each class the probability from which on it is predicted; empty if the head
 *     predicts exactly one class
 * @param outputName name of the output node
 * @param data the data of the training
 * @param options the user's options
 * @param training the training
 * @param metrics the metrics
 * @param versions the software that made it
 */
public record TrainedModel(
    Optional<Backbone> backbone,
    Head head,
    List<String> labels,
    List<Float> thresholds,
    String outputName,
    DataOrigin data,
    JsonNode options,
    Optional<TrainingRun> training,
    Metrics metrics,
    Versions versions) {
  public TrainedModel {
    labels = List.copyOf(labels);
    thresholds = List.copyOf(thresholds);
    if (thresholds.size() != (head.objective() == Objective.MULTI_LABEL ? labels.size() : 0)) {
      throw new IllegalArgumentException("the thresholds don't match the labels");
    }
    Objects.requireNonNull(head);
    Objects.requireNonNull(outputName);
    Objects.requireNonNull(data);
    Objects.requireNonNull(metrics);
    Objects.requireNonNull(versions);
  }

  /** A builder without values. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder with the values of this model. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.backbone = backbone;
    builder.head = head;
    builder.labels = labels;
    builder.thresholds = thresholds;
    builder.outputName = outputName;
    builder.data = data;
    builder.options = options;
    builder.training = training;
    builder.metrics = metrics;
    builder.versions = versions;
    return builder;
  }

  /**
   * The components of a {@link TrainedModel}; all but backbone, options and training are required.
   */
  public static final class Builder {
    private Optional<Backbone> backbone = Optional.empty();
    private Head head;
    private List<String> labels = List.of();
    private List<Float> thresholds = List.of();
    private String outputName;
    private DataOrigin data;
    private JsonNode options = Json.mapper().createObjectNode();
    private Optional<TrainingRun> training = Optional.empty();
    private Metrics metrics;
    private Versions versions;

    private Builder() {}

    /** Absent by default. */
    public Builder backbone(Optional<Backbone> value) {
      backbone = value;
      return this;
    }

    /** The trained head. */
    public Builder head(Head value) {
      head = value;
      return this;
    }

    /** The classes, in the order of the head's outputs. */
    public Builder labels(List<String> value) {
      labels = value;
      return this;
    }

    /** For each class the probability from which on it is predicted; none by default. */
    public Builder thresholds(List<Float> value) {
      thresholds = value;
      return this;
    }

    /** Name of the output node. */
    public Builder outputName(String value) {
      outputName = value;
      return this;
    }

    /** The data of the training. */
    public Builder data(DataOrigin value) {
      data = value;
      return this;
    }

    /** The user's options; none by default. */
    public Builder options(JsonNode value) {
      options = value;
      return this;
    }

    /** Absent by default. */
    public Builder training(TrainingRun value) {
      training = Optional.of(value);
      return this;
    }

    /** The metrics. */
    public Builder metrics(Metrics value) {
      metrics = value;
      return this;
    }

    /** The software that made the model. */
    public Builder versions(Versions value) {
      versions = value;
      return this;
    }

    /** The model. */
    public TrainedModel build() {
      return new TrainedModel(
          backbone,
          head,
          labels,
          thresholds,
          outputName,
          data,
          options,
          training,
          metrics,
          versions);
    }
  }
}
