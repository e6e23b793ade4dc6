package dev.retrain.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.retrain.fetch.Checksum;
import dev.retrain.model.ModelDescription.PictureInput;
import dev.retrain.picture.PictureDecoder;
import dev.retrain.picture.UnreadablePicture;
import dev.retrain.work.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/**
 * A model loaded from disk, ready to classify.
 *
 * <p>Owns its native objects; {@link #close()} frees them.
 */
public final class RetrainedModel implements AutoCloseable {
  private final ModelDescription description;
  private final PictureInput input;
  private final Graph graph;
  private final Session session;
  private final PictureDecoder decoder;

  private RetrainedModel(
      ModelDescription description,
      PictureInput input,
      Graph graph,
      Session session,
      PictureDecoder decoder) {
    this.description = description;
    this.input = input;
    this.graph = graph;
    this.session = session;
    this.decoder = decoder;
  }

  /**
   * Loads a model.
   *
   * @param path its graph, or the description beside it
   * @return the model
   * @throws Failure where a file is missing, damaged, or not of the same run as the other, or where
   *     the model takes vectors
   * @throws IOException where a file can't be read
   */
  public static RetrainedModel load(Path path) throws IOException {
    Path file =
        path.getFileName().toString().endsWith(".json") ? path : ModelFiles.descriptionOf(path);
    ModelDescription description = readDescription(file);
    Path graphFile = file.equals(path) ? graphBeside(path) : path;
    if (!Files.isRegularFile(graphFile)) {
      throw new Failure("%s is not there; give the graph that 'train' wrote.".formatted(graphFile));
    }
    byte[] bytes = Files.readAllBytes(graphFile);
    if (!Checksum.sha256(bytes).equals(description.graphSha256())) {
      throw new Failure(
          ("%s and %s are not of one run, or the graph was changed; train again or restore both"
                  + " files.")
              .formatted(graphFile, file));
    }
    if (!(description.input() instanceof PictureInput input)) {
      throw new Failure(
          ("%s takes vectors, not pictures: it was trained on a folder of them (--vectors). To"
                  + " classify pictures, train on pictures.")
              .formatted(graphFile));
    }
    Graph graph = new Graph();
    Session session = null;
    try {
      graph.importGraphDef(GraphDef.parseFrom(bytes));
      session = new Session(graph);
      return new RetrainedModel(
          description, input, graph, session, new PictureDecoder(input.preprocessing()));
    } catch (IOException | RuntimeException e) {
      if (session != null) {
        session.close();
      }
      graph.close();
      throw e;
    }
  }

  private static Path graphBeside(Path description) {
    String name = description.getFileName().toString();
    return description.resolveSibling(name.substring(0, name.length() - ".json".length()) + ".pb");
  }

  private static ModelDescription readDescription(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new Failure(
          "%s is not there: a model is a graph with its description beside it, as 'train' wrote"
                  .formatted(file)
              + " them.");
    }
    try {
      ModelDescription description = Json.mapper().readValue(file.toFile(), ModelDescription.class);
      if (description == null) {
        throw new Failure("%s is not a model's description (it is empty).".formatted(file));
      }
      if (description.format() != ModelDescription.FORMAT) {
        throw new Failure(
            "%s has format %d; this version of the tool reads format %d."
                .formatted(file, description.format(), ModelDescription.FORMAT));
      }
      return description;
    } catch (JsonProcessingException e) {
      throw new Failure(
          "%s is not a model's description (%s).".formatted(file, e.getOriginalMessage()), e);
    }
  }

  /** What the model is. */
  public ModelDescription description() {
    return description;
  }

  /**
   * A class and how probable it is.
   *
   * @param label the class
   * @param probability 0 to 1
   */
  public record Prediction(String label, float probability) {}

  /**
   * Classifies one picture.
   *
   * @param content the picture file's bytes
   * @return every class, the most probable first
   * @throws UnreadablePicture where it can't be decoded
   */
  public List<Prediction> classify(byte[] content) throws UnreadablePicture {
    float[] picture = decoder.decode(content);
    try (TFloat32 batch =
            TFloat32.tensorOf(
                Shape.of(1, input.height(), input.width(), 3), DataBuffers.of(picture));
        Result result =
            session
                .runner()
                .feed(input.tensor(), batch)
                .fetch(description.output().tensor())
                .run()) {
      float[] probabilities = new float[description.labels().size()];
      ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(probabilities);
      List<Prediction> predictions = new ArrayList<>();
      for (int i = 0; i < probabilities.length; i++) {
        predictions.add(new Prediction(description.labels().get(i), probabilities[i]));
      }
      predictions.sort(Comparator.comparing(Prediction::probability).reversed());
      return predictions;
    }
  }

  @Override
  public void close() {
    decoder.close();
    session.close();
    graph.close();
  }
}
