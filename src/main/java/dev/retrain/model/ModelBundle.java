package dev.retrain.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.ComputeOptions;
import dev.retrain.backbone.graph.FrozenGraph;
import dev.retrain.backbone.guard.GraphGuard;
import dev.retrain.image.Preprocessing;
import dev.retrain.model.ModelMetadata.BackboneOrigin;
import dev.retrain.model.ModelMetadata.ImageInput;
import dev.retrain.model.ModelMetadata.VectorInput;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Json;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.tensorflow.proto.GraphDef;

/**
 * A model on disk, read and checked but not loaded into TensorFlow.
 *
 * @param file the graph's file
 * @param metadata the model's metadata
 * @param graph the frozen graph
 * @param trusted whether the graph may run whatever its ops are
 */
public record ModelBundle(Path file, ModelMetadata metadata, GraphDef graph, boolean trusted) {
  /**
   * @throws RetrainException if the graph is refused ({@link GraphGuard})
   */
  public ModelBundle {
    GraphGuard.check(file.toString(), graph, trusted);
  }

  /**
   * Reads a model whose ops are limited.
   *
   * @param path its graph or metadata file
   * @throws RetrainException if a file is missing or damaged, the two don't belong together, or the
   *     graph is refused
   * @throws IOException if a file can't be read
   */
  public static ModelBundle read(Path path) throws IOException {
    return read(path, false);
  }

  /**
   * Reads a model.
   *
   * @param path its graph or metadata file
   * @param trusted whether the graph may run whatever its ops are
   * @throws RetrainException if a file is missing or damaged, the two don't belong together, or the
   *     graph is refused
   * @throws IOException if a file can't be read
   */
  public static ModelBundle read(Path path, boolean trusted) throws IOException {
    ModelMetadata metadata = metadata(path);
    Path file = metadataFile(path);
    Path graphFile = graphFile(path);
    if (!Files.isRegularFile(graphFile)) {
      throw new RetrainException(
          "%s doesn't exist; specify the graph of a trained model.", graphFile);
    }
    byte[] bytes = Files.readAllBytes(graphFile);
    if (!Sha256.sha256(bytes).equals(metadata.graphSha256())) {
      throw new RetrainException(
          "%s and %s don't belong together, or the graph was changed; restore both files or train"
              + " again.",
          graphFile, file);
    }
    return new ModelBundle(graphFile, metadata, parse(bytes, graphFile), trusted);
  }

  private static GraphDef parse(byte[] bytes, Path file) {
    try {
      return GraphDef.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new RetrainException(
          e, "%s is not a frozen TensorFlow graph (a binary GraphDef).", file);
    }
  }

  private static boolean isMetadata(Path path) {
    return path.getFileName().toString().endsWith(".json");
  }

  /**
   * The metadata file of a model.
   *
   * @param path its graph or metadata file
   */
  public static Path metadataFile(Path path) {
    return isMetadata(path) ? path : ModelFiles.metadataOf(path);
  }

  /**
   * The graph file of a model.
   *
   * @param path its graph or metadata file
   */
  public static Path graphFile(Path path) {
    String name = path.getFileName().toString();
    return isMetadata(path)
        ? path.resolveSibling(name.substring(0, name.length() - ".json".length()) + ".pb")
        : path;
  }

  /**
   * Reads a model's metadata only.
   *
   * @param path its graph or metadata file
   * @throws RetrainException if the metadata is missing or damaged
   * @throws IOException if it can't be read
   */
  public static ModelMetadata metadata(Path path) throws IOException {
    Path file = metadataFile(path);
    if (!Files.isRegularFile(file)) {
      throw new RetrainException(
          "%s doesn't exist; a model consists of its graph and the metadata beside it.", file);
    }
    try {
      ModelMetadata metadata = Json.mapper().readValue(file.toFile(), ModelMetadata.class);
      if (metadata == null) {
        throw new RetrainException(
            "%s doesn't contain the metadata of a model: it is empty.", file);
      }
      if (metadata.format() < 1 || metadata.format() > ModelMetadata.FORMAT) {
        throw new RetrainException(
            "%s has format %d; this version of the tool reads formats 1 to %d.",
            file, metadata.format(), ModelMetadata.FORMAT);
      }
      requireComplete(file, metadata);
      return metadata;
    } catch (JsonProcessingException e) {
      throw new RetrainException(
          e, "%s doesn't contain the metadata of a model: %s.", file, reason(e));
    }
  }

  /** Why JSON can't be read, without the position that Jackson appends where a file ends early. */
  private static String reason(JsonProcessingException e) {
    return e.getOriginalMessage().replaceFirst(" \\(start marker at (?s:.*)", "");
  }

  private static void requireComplete(Path file, ModelMetadata metadata) {
    requirePresent(file, "labels", metadata.labels());
    requirePresent(file, "input", metadata.input());
    requirePresent(file, "output", metadata.output());
    requirePresent(file, "data", metadata.data());
    if (metadata.input() instanceof ImageInput input) {
      requirePresent(file, "backbone", metadata.backbone());
      try {
        input.preprocessing();
      } catch (InvalidSettingException e) {
        throw new RetrainException(
            e, "%s is damaged: %s; restore the file or train again.", file, e.getMessage());
      }
    }
  }

  private static void requirePresent(Path file, String key, Object value) {
    if (value == null) {
      throw new RetrainException(
          "%s is damaged: it has no '%s'; restore the file or train again.", file, key);
    }
  }

  /**
   * The model's input.
   *
   * @throws RetrainException if the model takes vectors
   */
  ImageInput images() {
    if (metadata.input() instanceof ImageInput input) {
      return input;
    }
    throw new RetrainException(
        "%s takes vectors, not images, because it was trained with %s. To classify images, train a"
            + " model on images.",
        file, Setting.VECTOR_DIRECTORY);
  }

  /**
   * The preprocessing of images before they are fed to the graph.
   *
   * @throws RetrainException if the model takes vectors
   */
  public Preprocessing preprocessing() {
    return images().preprocessing();
  }

  /** The head's input, {@code name:index}: [n, length] float32. */
  String vectorTensor() {
    return metadata.input() instanceof VectorInput input
        ? input.tensor()
        : metadata.backbone().vectorTensor();
  }

  /**
   * The backbone inside the model's graph. It has the identity of the original backbone, so it
   * finds the original's vectors in a cache, without the original's file.
   *
   * @return the backbone; absent if the model takes vectors
   * @throws RetrainException if the metadata doesn't contain a known computation
   */
  public Optional<Backbone> backbone() {
    if (!(metadata.input() instanceof ImageInput input)) {
      return Optional.empty();
    }
    BackboneOrigin origin = metadata.backbone();
    try {
      return Optional.of(
          new Backbone(
              origin.name(),
              new FrozenGraph(graph, trusted),
              origin.graphSha256(),
              input.tensor(),
              origin.bottlenecks(),
              input.preprocessing(),
              ComputeOptions.parse(origin.computation()),
              origin.mirrored()));
    } catch (IllegalArgumentException e) {
      throw new RetrainException(
          e,
          "%s doesn't say how the vectors are computed: %s.",
          ModelFiles.metadataOf(file),
          e.getMessage());
    }
  }
}
