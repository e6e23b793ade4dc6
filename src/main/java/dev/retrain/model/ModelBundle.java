package dev.retrain.model;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.ComputeOptions;
import dev.retrain.backbone.format.FileFormats.Expected;
import dev.retrain.backbone.format.GraphFile;
import dev.retrain.backbone.graph.FrozenGraph;
import dev.retrain.backbone.guard.GraphGuard;
import dev.retrain.image.Preprocessing;
import dev.retrain.model.ModelMetadata.BackboneOrigin;
import dev.retrain.model.ModelMetadata.ImageInput;
import dev.retrain.model.ModelMetadata.VectorInput;
import dev.retrain.model.legacy.LegacyModel;
import dev.retrain.model.legacy.ModelHints;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
  private static final Logger LOG = LoggerFactory.getLogger(ModelBundle.class);

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
    return read(path, trusted, ModelHints.NONE);
  }

  /**
   * Reads a model, with or without metadata. What is inferred of a model without metadata, such as
   * retrain.py's, is logged.
   *
   * @param path its graph or metadata file
   * @param trusted whether the graph may run whatever its ops are
   * @param hints what the user says about a model without metadata
   * @throws RetrainException if a file is missing or damaged, the two don't belong together,
   *     something can't be inferred, or the graph is refused
   * @throws IOException if a file can't be read
   */
  public static ModelBundle read(Path path, boolean trusted, ModelHints hints) throws IOException {
    if (hasMetadata(path)) {
      if (hints.firstGiven().isPresent()) {
        throw new RetrainException(
            "%s describes the model, so %s can't be changed. Remove the file to have the model"
                + " inferred from its graph and labels.",
            metadataFile(path), hints.firstGiven().get());
      }
      return read(path, trusted, metadata(path));
    }
    if (isMetadata(path)) {
      throw noMetadata(path);
    }
    LegacyModel legacy = LegacyModel.read(path, hints, trusted);
    LOG.info(legacy.summary());
    return new ModelBundle(path, LegacyMetadata.create(legacy), legacy.graph(), trusted);
  }

  private static ModelBundle read(Path path, boolean trusted, ModelMetadata metadata)
      throws IOException {
    Path file = metadataFile(path);
    Path graphFile = graphFile(path);
    if (!Files.isRegularFile(graphFile)) {
      throw new RetrainException(
          "%s doesn't exist; specify the graph of a trained model.", graphFile);
    }
    GraphDef graph = graph(graphFile, file, metadata.graphSha256());
    return new ModelBundle(
        graphFile,
        metadata,
        // Of a model that another program trained, only the needed part is read, as without
        // metadata.
        metadata.data().known() ? graph : prepared(graphFile, graph, trusted, metadata),
        trusted);
  }

  private static GraphDef graph(Path graphFile, Path metadataFile, String sha256)
      throws IOException {
    GraphFile content;
    try {
      content = GraphFile.read(graphFile, Expected.TRAINED_MODEL);
    } catch (RetrainException e) {
      // A graph that was changed is named as such.
      checkSame(graphFile, metadataFile, Sha256.sha256(graphFile).equals(sha256), e);
      throw e;
    }
    checkSame(graphFile, metadataFile, content.sha256().equals(sha256), null);
    return content.graph();
  }

  private static void checkSame(
      Path graphFile, Path metadataFile, boolean same, RetrainException cause) {
    if (!same) {
      throw new RetrainException(
          cause,
          "%s and %s don't belong together, or the graph was changed: 'graph_sha256' is not the"
              + " checksum of the graph. Restore both files or train again.",
          graphFile,
          metadataFile);
    }
  }

  private static GraphDef prepared(
      Path file, GraphDef graph, boolean trusted, ModelMetadata metadata) {
    GraphGuard.check(file.toString(), graph, trusted);
    try {
      return LegacyModel.prepare(graph, metadata.output().tensor());
    } catch (IllegalArgumentException e) {
      throw new RetrainException(
          e,
          "%s: 'output.tensor' doesn't match the graph: %s.",
          metadataFile(file),
          e.getMessage());
    }
  }

  /**
   * Whether a model has metadata beside its graph.
   *
   * @param path its graph or metadata file
   */
  public static boolean hasMetadata(Path path) {
    return Files.isRegularFile(metadataFile(path));
  }

  private static RetrainException noMetadata(Path file) {
    return new RetrainException(
        "%s doesn't exist; a model consists of its graph and the metadata beside it.", file);
  }

  private static String fileName(Path path) {
    if (path.getFileName() == null) {
      throw new RetrainException("%s is a directory; specify the graph of a trained model.", path);
    }
    return path.getFileName().toString();
  }

  private static boolean isMetadata(Path path) {
    return fileName(path).endsWith(".json");
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
    String name = fileName(path);
    return isMetadata(path)
        ? path.resolveSibling(name.substring(0, name.length() - ".json".length()) + ".pb")
        : path;
  }

  /**
   * Reads a model's metadata only.
   *
   * @param path its graph or metadata file
   * @throws RetrainException if the metadata is missing or damaged; names the invalid field
   * @throws IOException if it can't be read
   */
  public static ModelMetadata metadata(Path path) throws IOException {
    Path file = metadataFile(path);
    if (!Files.isRegularFile(file)) {
      throw noMetadata(file);
    }
    return MetadataReader.read(file);
  }

  /**
   * The model's input.
   *
   * @throws RetrainException if the model accepts vectors
   */
  ImageInput images() {
    if (metadata.input() instanceof ImageInput input) {
      return input;
    }
    throw new RetrainException(
        "%s accepts vectors, not images, because it was trained with %s. To classify images, train a"
            + " model on images.",
        file, Setting.VECTOR_DIRECTORY);
  }

  /**
   * The preprocessing of images before they are fed to the graph.
   *
   * @throws RetrainException if the model accepts vectors
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
   * @return the backbone; absent if the model accepts vectors
   * @throws RetrainException if the metadata doesn't contain a known computation
   */
  public Optional<Backbone> backbone() {
    if (!(metadata.input() instanceof ImageInput input)) {
      return Optional.empty();
    }
    BackboneOrigin origin = metadata.backbone();
    if (origin.computation() == null) {
      throw new RetrainException(
          "%s: 'backbone.computation' is missing, so the model's vectors can't be computed. Train the"
              + " model again.",
          ModelFiles.metadataOf(file));
    }
    return Optional.of(
        new Backbone(
            origin.name(),
            new FrozenGraph(graph, trusted),
            origin.graphSha256(),
            input.tensor(),
            origin.bottlenecks(),
            input.preprocessing(),
            ComputeOptions.parse(origin.computation()),
            origin.mirrored(),
            origin.inferred()));
  }
}
