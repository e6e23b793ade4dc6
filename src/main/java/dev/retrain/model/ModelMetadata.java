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
 * What a model is and where it comes from: the JSON file beside its graph, keys in snake case.
 *
 * @param format version of this form, {@value #FORMAT}
 * @param graphSha256 SHA-256 of the graph's file; a graph of another run is told by it
 * @param input what goes in, and where
 * @param output where probabilities come out
 * @param labels the classes, in the order of the outputs
 * @param backbone the network; null, and no key in the file, where the model takes vectors
 * @param data what the layer was trained on
 * @param options the command's options as they were in force
 * @param metrics how the model did
 * @param versions what made it
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
    Metrics metrics,
    Versions versions) {
  /** The form this tool writes and reads. */
  public static final int FORMAT = 2;

  /** Copies the list. */
  public ModelMetadata {
    labels = List.copyOf(labels);
  }

  /** The labels as retrain.py writes them: a line each, the same on every system. */
  String labelLines() {
    return String.join("\n", labels) + "\n";
  }

  /** What goes in, and where: {@code kind} says which of the two it is. */
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
   * x {@code width} by TensorFlow's ResizeBilinear without aligned corners or half-pixel centres,
   * then {@code (value - mean) / std}. The kind where a file says none.
   *
   * @param tensor [n, height, width, 3] float32
   * @param height rows
   * @param width columns
   * @param mean subtracted
   * @param std divides
   * @param jpegScale JPEG files are decoded at one part in so many of their height and width
   */
  public record ImageInput(
      String tensor, int height, int width, float mean, float std, int jpegScale) implements Input {
    /** Takes a scale that a file does not tell for 1. */
    public ImageInput {
      jpegScale = Math.max(1, jpegScale);
    }

    /** What the images become before they are fed. */
    Preprocessing preprocessing() {
      return new Preprocessing(height, width, mean, std).withJpegScale(jpegScale);
    }
  }

  /**
   * Vectors: those of the network that made the ones the layer was trained on.
   *
   * @param tensor [n, length] float32
   * @param length floats in a vector
   */
  public record VectorInput(String tensor, int length) implements Input {}

  /**
   * Where probabilities come out.
   *
   * @param tensor [n, classes] float32; each row sums to 1
   */
  public record Output(String tensor) {}

  /**
   * The network the layer stands on.
   *
   * @param name what it was called
   * @param graphSha256 SHA-256 of its file
   * @param bottlenecks what its vector is joined of: tensors, {@code @2x2} after one averaged over
   *     the cells of a grid
   * @param vectorTensor the joined vector in the retrained graph, [n, vectorLength] float32
   * @param vectorLength floats in the vector
   * @param computation how the vectors were computed, in the words of the cache
   * @param mirrored whether they are averages with those of mirror images; no key in the file where
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
    /** Copies the list; takes the tensor that a file does not tell for the usual one. */
    public BackboneOrigin {
      bottlenecks = List.copyOf(bottlenecks);
      vectorTensor = vectorTensor == null ? BackboneGraph.VECTOR + ":0" : vectorTensor;
    }
  }

  /**
   * The images, or the files of their vectors.
   *
   * @param directory where they lay
   * @param fingerprint SHA-256 over every image's name, its file's content hash, and its partition
   * @param images how many were used
   * @param unreadable {@code class/file} of each that could not be read
   * @param split how they were dealt; null, and no key in the file, where an earlier version wrote
   *     it
   * @param training how many to train
   * @param validation how many to validate
   * @param test how many to test
   * @param classes the same for each class, in the order of the labels; empty, and no key in the
   *     file, where it is not known
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
    /** Copies the lists; one that a file does not tell is empty. */
    public DataOrigin {
      unreadable = unreadable == null ? List.of() : List.copyOf(unreadable);
      classes = classes == null ? List.of() : List.copyOf(classes);
    }

    /** How many could not be read. */
    public int skipped() {
      return unreadable.size();
    }
  }

  /**
   * How many images of one class are for what.
   *
   * @param training how many to train
   * @param validation how many to validate
   * @param test how many to test
   */
  public record ClassCounts(int training, int validation, int test) {}

  /**
   * How images were dealt to partitions: by retrain.py's hash of {@code class/file}.
   *
   * @param testingPercentage share for the test, in percent
   * @param validationPercentage share for validation, in percent
   * @param testFiles a glob on the names of the test files; null, and no key in the file, where
   *     they were dealt by percentage
   */
  public record SplitOrigin(
      int testingPercentage,
      int validationPercentage,
      @JsonInclude(JsonInclude.Include.NON_NULL) String testFiles) {}

  /**
   * How the model did.
   *
   * @param testAccuracy share of the test images told, 0 to 1
   * @param testCount how many test images
   * @param testLoss their mean cross-entropy, in nats
   * @param validationAccuracy share of the validation images told at the best iteration
   * @param bestIteration the iteration whose weights were kept
   * @param iterations how many iterations were made
   * @param history the training's course; null, and no key in the file, where it is not known
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
   * What made the model.
   *
   * @param retrain this tool
   * @param tensorflow TensorFlow
   * @param java the Java runtime
   */
  public record Versions(String retrain, String tensorflow, String java) {
    /** What runs now, told without loading TensorFlow. */
    public static Versions current() {
      return new Versions(
          BuildInfo.get("version"), BuildInfo.get("tensorflow"), Runtime.version().toString());
    }
  }
}
