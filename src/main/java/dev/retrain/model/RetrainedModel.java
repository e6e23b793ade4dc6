package dev.retrain.model;

import dev.retrain.picture.PictureDecoder;
import dev.retrain.picture.UnreadablePicture;
import dev.retrain.work.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A model loaded from disk, ready to classify.
 *
 * <p>Owns its native objects; {@link #close()} frees them.
 */
public final class RetrainedModel implements AutoCloseable {
  private final ModelDescription description;
  private final ModelSession session;
  private final PictureDecoder decoder;

  private RetrainedModel(StoredModel model) {
    description = model.description();
    decoder = new PictureDecoder(model.pictures().preprocessing());
    try {
      session = ModelSession.open(model, false);
    } catch (RuntimeException e) {
      decoder.close();
      throw e;
    }
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
    return new RetrainedModel(StoredModel.read(path));
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
    float[] probabilities = session.ofPictures(List.of(decoder.decode(content)));
    return IntStream.range(0, probabilities.length)
        .mapToObj(label -> new Prediction(description.labels().get(label), probabilities[label]))
        .sorted(Comparator.comparing(Prediction::probability).reversed())
        .toList();
  }

  @Override
  public void close() {
    decoder.close();
    session.close();
  }
}
