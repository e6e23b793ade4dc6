package dev.retrain.model;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.backbone.BackboneGraph;
import dev.retrain.image.Preprocessing;
import dev.retrain.util.BuildInfo;
import java.util.List;

/**
 * The metadata of a model, in a JSON file beside its graph; keys are in snake case.
 *
 * @param format version of this format, {@value #FORMAT}; format 1 is read, too
 * @param graphSha256 SHA-256 of the graph's file
 * @param input the model's input
 * @param output the model's output
 * @param labels the classes, in the order of the outputs
 * @param backbone the backbone; null, and absent in JSON, if the model takes vectors
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
  /** The version that is written. */
  public static final int FORMAT = 2;

  /** {@code labels} is null where a damaged JSON has none. */
  public ModelMetadata {
    labels = labels == null ? null : List.copyOf(labels);
  }

  /** The content of the labels file, as written by retrain.py: a line per class. */
  String labelLines() {
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
   * @param mean the mean
   * @param std the standard deviation
   * @param jpegScale JPEG files are decoded at 1/jpegScale of their height and width
   */
  public record ImageInput(
      String tensor, int height, int width, float mean, float std, int jpegScale) implements Input {
    /** {@code jpegScale} is 1 where the JSON has none. */
    public ImageInput {
      jpegScale = Math.max(1, jpegScale);
    }

    /** The preprocessing of images before they are fed. */
    Preprocessing preprocessing() {
      return new Preprocessing(height, width, mean, std).withJpegScale(jpegScale);
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
   * @param tensor [n, classes] float32; each row sums to 1
   */
  public record Output(String tensor) {}

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
   */
  public record BackboneOrigin(
      String name,
      @JsonProperty("graph_sha256") String graphSha256,
      List<String> bottlenecks,
      String vectorTensor,
      int vectorLength,
      String computation,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean mirrored) {
    /** {@code vectorTensor} has a default where the JSON has none. */
    public BackboneOrigin {
      bottlenecks = List.copyOf(bottlenecks);
      vectorTensor = vectorTensor == null ? BackboneGraph.VECTOR + ":0" : vectorTensor;
    }
  }

  /**
   * The images, or files of vectors, of the training.
   *
   * @param directory their directory; empty if another program trained the model
   * @param fingerprint SHA-256 over every image's name, content hash and set
   * @param images number of used images
   * @param unreadable {@code class/file} of each unreadable image
   * @param split how they were split; null, and absent in JSON, in models of earlier versions
   * @param training number of training images
   * @param validation number of validation images
   * @param test number of test images
   * @param classes the numbers of each class, in the order of the labels; empty, and absent in
   *     JSON, in models of earlier versions
   */
  public record DataOrigin(
      String directory,
      String fingerprint,
      @JsonAlias("pictures") int images,
      List<String> unreadable,
      @JsonInclude(JsonInclude.Include.NON_NULL) SplitOrigin split,
      int training,
      int validation,
      int test,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ClassCounts> classes) {
    /** Lists are empty where the JSON has none. */
    public DataOrigin {
      unreadable = unreadable == null ? List.of() : List.copyOf(unreadable);
      classes = classes == null ? List.of() : List.copyOf(classes);
    }

    /** What is known of the data of a model that another program trained: nothing. */
    static DataOrigin unknown() {
      return new DataOrigin(
          "", "", 0, List.of(), new SplitOrigin(10, 10, null), 0, 0, 0, List.of());
    }

    /** Whether it is known which images the model was trained on. */
    public boolean known() {
      return !directory.isEmpty();
    }

    /** Number of unreadable images. */
    public int skipped() {
      return unreadable.size();
    }
  }

  /**
   * The images of one class.
   *
   * @param training number of training images
   * @param validation number of validation images
   * @param test number of test images
   */
  public record ClassCounts(int training, int validation, int test) {}

  /**
   * How images were split into training, validation and test sets: by retrain.py's hash of {@code
   * class/file}.
   *
   * @param testingPercentage share of the test set, in percent
   * @param validationPercentage share of the validation set, in percent
   * @param testFiles a glob for the names of test files; null, and absent in JSON, if test images
   *     were chosen by percentage
   */
  public record SplitOrigin(
      int testingPercentage,
      int validationPercentage,
      @JsonInclude(JsonInclude.Include.NON_NULL) String testFiles) {}

  /**
   * The training.
   *
   * @param seed seed of all random numbers
   * @param logDirectory directory of the TensorBoard events of the training, or of all runs of the
   *     sweep
   */
  public record TrainingRun(long seed, String logDirectory) {}

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
   */
  public record Metrics(
      double testAccuracy,
      int testCount,
      double testLoss,
      double validationAccuracy,
      int bestIteration,
      int iterations,
      @JsonInclude(JsonInclude.Include.NON_NULL) TrainingHistory history) {}

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
