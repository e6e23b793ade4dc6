package dev.retrain.model;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.backbone.BackboneGraph;
import dev.retrain.image.ChannelOrder;
import dev.retrain.image.Normalization;
import dev.retrain.image.Preprocessing;
import dev.retrain.image.ResizeMode;
import dev.retrain.model.data.DataOrigin;
import dev.retrain.training.Objective;
import dev.retrain.util.BuildInfo;
import java.util.List;
import java.util.Locale;

/**
 * The metadata of a model, in a JSON file beside its graph; keys are in snake case.
 *
 * @param format version of this format: {@value #FORMAT}, or {@value #EXTENDED_FORMAT} if the model
 *     gives an image any number of labels or its input has fields that earlier versions of this
 *     tool must not ignore; format 1 is read, too
 * @param graphSha256 SHA-256 of the graph's file
 * @param input the model's input
 * @param output the model's output
 * @param labels the classes, in the order of the outputs
 * @param backbone the backbone; null, and absent in JSON, if the model accepts vectors
 * @param data the data of the training
 * @param options the user's options
 * @param training the training; null, and absent in JSON, in models of earlier versions
 * @param metrics the metrics
 * @param versions the software that made the model
 */
public record ModelMetadata(
    int format,
    @JsonProperty("graph_sha256") String graphSha256,
    Input input,
    Output output,
    List<String> labels,
    @JsonInclude(JsonInclude.Include.NON_NULL) BackboneOrigin backbone,
    DataOrigin data,
    JsonNode options,
    @JsonInclude(JsonInclude.Include.NON_NULL) TrainingRun training,
    Metrics metrics,
    Versions versions) {
  /** The version that is written where earlier versions can read the model. */
  public static final int FORMAT = 2;

  /** The version of models that only later versions understand; earlier ones refuse it. */
  public static final int EXTENDED_FORMAT = 3;

  /** {@code labels} is null where a damaged JSON has none. */
  public ModelMetadata {
    labels = labels == null ? null : List.copyOf(labels);
  }

  /** What the model predicts. */
  public Objective objective() {
    return output.multiLabel() ? Objective.MULTI_LABEL : Objective.SINGLE_LABEL;
  }

  /** The content of the labels file, as written by retrain.py: a line per class. */
  public String labelLines() {
    return String.join("\n", labels) + "\n";
  }

  /** The model's input; {@code kind} in JSON is {@code images} or {@code vectors}. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind", defaultImpl = ImageInput.class)
  @JsonSubTypes({
    @JsonSubTypes.Type(
        name = "images",
        names = {"images", "pictures"},
        value = ImageInput.class),
    @JsonSubTypes.Type(name = "vectors", value = VectorInput.class)
  })
  public sealed interface Input permits ImageInput, VectorInput {
    /** The tensor, {@code name:index}. */
    String tensor();
  }

  /**
   * Images: decoded to red, green and blue from 0 to 255, turned upright, resized to {@code height}
   * x {@code width} by TensorFlow's ResizeBilinear without aligned corners or half-pixel centers,
   * then {@code (value - mean) / std}. The default where the JSON has no {@code kind}.
   *
   * @param tensor [n, height, width, 3] float32
   * @param height rows
   * @param width columns
   * @param mean the mean: a number in JSON, or three for red, green and blue
   * @param std the standard deviation: a number in JSON, or three for red, green and blue
   * @param jpegScale JPEG files are decoded at 1/jpegScale of their height and width
   * @param channels the order of the channels; null, and absent in JSON, for red, green, blue
   * @param resize what happens to the aspect ratio; null, and absent in JSON, if it is stretched
   */
  public record ImageInput(
      String tensor,
      int height,
      int width,
      @JsonFormat(
              with = {
                JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY,
                JsonFormat.Feature.WRITE_SINGLE_ELEM_ARRAYS_UNWRAPPED
              })
          List<Float> mean,
      @JsonFormat(
              with = {
                JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY,
                JsonFormat.Feature.WRITE_SINGLE_ELEM_ARRAYS_UNWRAPPED
              })
          List<Float> std,
      int jpegScale,
      @JsonInclude(JsonInclude.Include.NON_NULL) String channels,
      @JsonInclude(JsonInclude.Include.NON_NULL) String resize)
      implements Input {
    /** {@code jpegScale} is 1 where the JSON has none. */
    public ImageInput {
      jpegScale = Math.max(1, jpegScale);
      mean = List.copyOf(mean);
      std = List.copyOf(std);
    }

    /** The preprocessing of images before they are fed. */
    public Preprocessing preprocessing() {
      return new Preprocessing(
              height,
              width,
              new Normalization(
                  mean,
                  std,
                  channels == null
                      ? ChannelOrder.RGB
                      : ChannelOrder.valueOf(channels.toUpperCase(Locale.ROOT))))
          .with(
              resize == null
                  ? ResizeMode.STRETCH
                  : ResizeMode.valueOf(resize.toUpperCase(Locale.ROOT)))
          .withJpegScale(jpegScale);
    }
  }

  /**
   * Vectors of the backbone whose vectors the head was trained on.
   *
   * @param tensor [n, length] float32
   * @param length floats per vector
   */
  public record VectorInput(String tensor, int length) implements Input {}

  /**
   * The probabilities.
   *
   * @param tensor [n, classes] float32; each row sums to 1, unless an image may have several labels
   * @param multiLabel whether an image may have any number of labels, so that the probabilities are
   *     independent; absent in JSON if not
   * @param thresholds with {@code multiLabel}, for each class the probability from which on it is
   *     predicted; otherwise empty, and absent in JSON
   */
  public record Output(
      String tensor,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean multiLabel,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Float> thresholds) {
    /** There are no thresholds where the JSON has none. */
    public Output {
      thresholds = thresholds == null ? List.of() : List.copyOf(thresholds);
    }

    /** The probabilities of a model that gives an image exactly one label. */
    public Output(String tensor) {
      this(tensor, false, List.of());
    }
  }

  /**
   * The backbone.
   *
   * @param name its name
   * @param graphSha256 SHA-256 of its file
   * @param bottlenecks the tensors its feature vector is concatenated from; {@code @2x2} after a
   *     name means averaged over the cells of a 2x2 grid
   * @param vectorTensor the feature vector in the model's graph, [n, vectorLength] float32
   * @param vectorLength floats per vector
   * @param computation how the vectors were computed, as in the cache
   * @param mirrored whether vectors are averaged with those of the flipped image; absent in JSON if
   *     not
   * @param inferred what was inferred about the network and why, in sentences; empty, and absent in
   *     JSON, if nothing was
   */
  public record BackboneOrigin(
      String name,
      @JsonProperty("graph_sha256") String graphSha256,
      List<String> bottlenecks,
      String vectorTensor,
      int vectorLength,
      String computation,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean mirrored,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> inferred) {
    /** {@code vectorTensor} has a default where the JSON has none. */
    public BackboneOrigin {
      bottlenecks = List.copyOf(bottlenecks);
      inferred = inferred == null ? List.of() : List.copyOf(inferred);
      vectorTensor = vectorTensor == null ? BackboneGraph.VECTOR + ":0" : vectorTensor;
    }
  }

  /**
   * The training.
   *
   * @param seed seed of all random numbers
   * @param logDirectory directory of the TensorBoard events of the training, or of all runs of the
   *     sweep
   * @param fineTuning the fine-tuning that followed; null, and absent in JSON, without one
   */
  public record TrainingRun(
      long seed,
      String logDirectory,
      @JsonInclude(JsonInclude.Include.NON_NULL) FineTuning fineTuning) {
    /** A training of the head alone. */
    public TrainingRun(long seed, String logDirectory) {
      this(seed, logDirectory, null);
    }
  }

  /**
   * The metrics of the model and its training.
   *
   * @param testAccuracy share of correctly classified test images, 0 to 1
   * @param testCount number of test images
   * @param testLoss mean cross-entropy of the test images, in nats
   * @param validationAccuracy validation accuracy at the best iteration, 0 to 1
   * @param bestIteration the iteration whose weights were kept
   * @param iterations number of iterations
   * @param history the evaluations during the training; null, and absent in JSON, if they are
   *     unknown
   * @param measure what the accuracies here and in the history are: {@code mean_average_precision}
   *     where an image may have several labels, and the losses are binary cross-entropies; null,
   *     and absent in JSON, for accuracy
   * @param testMicroF1 F1 of the test images over all pairs of an image and a class, 0 to 1; null,
   *     and absent in JSON, if an image has exactly one label
   * @param testMacroF1 mean F1 of the classes for the test images, 0 to 1; null, and absent in
   *     JSON, if an image has exactly one label
   */
  public record Metrics(
      double testAccuracy,
      int testCount,
      double testLoss,
      double validationAccuracy,
      int bestIteration,
      int iterations,
      @JsonInclude(JsonInclude.Include.NON_NULL) TrainingHistory history,
      @JsonInclude(JsonInclude.Include.NON_NULL) String measure,
      @JsonInclude(JsonInclude.Include.NON_NULL) Double testMicroF1,
      @JsonInclude(JsonInclude.Include.NON_NULL) Double testMacroF1) {
    /** The metrics of a model that gives an image exactly one label. */
    public Metrics(
        double testAccuracy,
        int testCount,
        double testLoss,
        double validationAccuracy,
        int bestIteration,
        int iterations,
        TrainingHistory history) {
      this(
          testAccuracy,
          testCount,
          testLoss,
          validationAccuracy,
          bestIteration,
          iterations,
          history,
          null,
          null,
          null);
    }
  }

  /**
   * The versions of the software that made the model.
   *
   * @param retrain version of this tool
   * @param tensorflow version of TensorFlow
   * @param java version of the Java runtime
   */
  public record Versions(String retrain, String tensorflow, String java) {
    /** The running software; determined without loading TensorFlow. */
    public static Versions current() {
      return new Versions(
          BuildInfo.get("version"), BuildInfo.get("tensorflow"), Runtime.version().toString());
    }
  }
}
