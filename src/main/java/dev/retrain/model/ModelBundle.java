package dev.retrain.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.ComputeOptions;
import dev.retrain.image.Preprocessing;
import dev.retrain.model.ModelMetadata.BackboneOrigin;
import dev.retrain.model.ModelMetadata.ImageInput;
import dev.retrain.model.ModelMetadata.VectorInput;
import dev.retrain.util.Json;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.tensorflow.proto.GraphDef;

/**
 * A model as it is on disk: read and checked, not yet loaded into TensorFlow.
 *
 * @param file the graph's file
 * @param description what the model is
 * @param graph the frozen graph
 */
public record ModelBundle(Path file, ModelMetadata description, GraphDef graph) {
  /**
   * Reads a model.
   *
   * @param path its graph, or the description beside it
   * @return the model
   * @throws RetrainException where a file is missing, damaged, or not of the same run as the other
   * @throws IOException where a file can't be read
   */
  public static ModelBundle read(Path path) throws IOException {
    ModelMetadata description = description(path);
    Path file = descriptionFile(path);
    Path graphFile = graphFile(path);
    if (!Files.isRegularFile(graphFile)) {
      throw new RetrainException(
          "%s is not there; give the graph that 'train' wrote.".formatted(graphFile));
    }
    byte[] bytes = Files.readAllBytes(graphFile);
    if (!Sha256.sha256(bytes).equals(description.graphSha256())) {
      throw new RetrainException(
          ("%s and %s are not of one run, or the graph was changed; train again or restore both"
                  + " files.")
              .formatted(graphFile, file));
    }
    return new ModelBundle(graphFile, description, GraphDef.parseFrom(bytes));
  }

  private static boolean isDescription(Path path) {
    return path.getFileName().toString().endsWith(".json");
  }

  /**
   * The file of a model's description.
   *
   * @param path its graph, or the description itself
   */
  public static Path descriptionFile(Path path) {
    return isDescription(path) ? path : ModelFiles.descriptionOf(path);
  }

  /**
   * The file of a model's graph.
   *
   * @param path the graph itself, or the description beside it
   */
  public static Path graphFile(Path path) {
    String name = path.getFileName().toString();
    return isDescription(path)
        ? path.resolveSibling(name.substring(0, name.length() - ".json".length()) + ".pb")
        : path;
  }

  /**
   * Reads a model's description alone.
   *
   * @param path its graph, or the description beside it
   * @throws RetrainException where it is missing or damaged
   * @throws IOException where it can't be read
   */
  public static ModelMetadata description(Path path) throws IOException {
    Path file = descriptionFile(path);
    if (!Files.isRegularFile(file)) {
      throw new RetrainException(
          "%s is not there: a model is a graph with its description beside it, as 'train' wrote"
                  .formatted(file)
              + " them.");
    }
    try {
      ModelMetadata description = Json.mapper().readValue(file.toFile(), ModelMetadata.class);
      if (description == null) {
        throw new RetrainException(
            "%s is not a model's description (it is empty).".formatted(file));
      }
      if (description.format() < 1 || description.format() > ModelMetadata.FORMAT) {
        throw new RetrainException(
            "%s has format %d; this version of the tool reads formats 1 to %d."
                .formatted(file, description.format(), ModelMetadata.FORMAT));
      }
      return description;
    } catch (JsonProcessingException e) {
      throw new RetrainException(
          "%s is not a model's description (%s).".formatted(file, e.getOriginalMessage()), e);
    }
  }

  /**
   * What becomes of images before the graph takes them.
   *
   * @throws RetrainException where the model takes vectors
   */
  ImageInput images() {
    if (description.input() instanceof ImageInput input) {
      return input;
    }
    throw new RetrainException(
        ("%s takes vectors, not images: it was trained on a folder of them (--vectors). To"
                + " classify images, train on images.")
            .formatted(file));
  }

  /**
   * What an image becomes before the graph takes it.
   *
   * @throws RetrainException where the model takes vectors
   */
  public Preprocessing preprocessing() {
    return images().preprocessing();
  }

  /** The tensor that the layer is fed with, {@code name:index}: [n, length] float32. */
  String vectorTensor() {
    return description.input() instanceof VectorInput input
        ? input.tensor()
        : description.backbone().vectorTensor();
  }

  /**
   * The network inside the retrained graph. It computes what the one it was made of does, so its
   * identity is that one's, and it finds its vectors in a cache; the network's own file is not
   * needed.
   *
   * @return the network; absent where the model takes vectors
   * @throws RetrainException where the description does not say how its vectors are computed
   */
  public Optional<Backbone> backbone() {
    if (!(description.input() instanceof ImageInput input)) {
      return Optional.empty();
    }
    BackboneOrigin origin = description.backbone();
    try {
      return Optional.of(
          new Backbone(
              origin.name(),
              graph,
              origin.graphSha256(),
              input.tensor(),
              origin.bottlenecks(),
              input.preprocessing(),
              ComputeOptions.parse(origin.computation()),
              origin.mirrored()));
    } catch (IllegalArgumentException e) {
      throw new RetrainException(
          "%s does not say how its vectors are computed: %s."
              .formatted(ModelFiles.descriptionOf(file), e.getMessage()),
          e);
    }
  }
}
