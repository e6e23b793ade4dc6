package dev.retrain.model;

import dev.retrain.model.ModelDescription.PictureInput;
import dev.retrain.picture.PictureDecoder;
import dev.retrain.picture.UnreadablePicture;
import dev.retrain.work.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
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
    StoredModel model = StoredModel.read(path);
    PictureInput input = model.pictures();
    Graph graph = new Graph();
    Session session = null;
    try {
      graph.importGraphDef(model.graph());
      session = new Session(graph);
      return new RetrainedModel(
          model.description(), input, graph, session, new PictureDecoder(input.preprocessing()));
    } catch (RuntimeException e) {
      if (session != null) {
        session.close();
      }
      graph.close();
      throw e;
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
