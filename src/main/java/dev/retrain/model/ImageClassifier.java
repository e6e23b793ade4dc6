package dev.retrain.model;

import dev.retrain.image.ImageDecoder;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.util.RetrainException;
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
public final class ImageClassifier implements AutoCloseable {
  private final ModelMetadata description;
  private final ModelSession session;
  private final ImageDecoder decoder;

  private ImageClassifier(ModelBundle model) {
    description = model.description();
    decoder = new ImageDecoder(model.images().preprocessing());
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
   * @throws RetrainException where a file is missing, damaged, or not of the same run as the other,
   *     or where the model takes vectors
   * @throws IOException where a file can't be read
   */
  public static ImageClassifier load(Path path) throws IOException {
    return new ImageClassifier(ModelBundle.read(path));
  }

  /** What the model is. */
  public ModelMetadata description() {
    return description;
  }

  /**
   * A class and how probable it is.
   *
   * @param label the class
   * @param probability 0 to 1
   */
  public record Prediction(String label, float probability) {
    /**
     * Predictions, the most probable first.
     *
     * @param labels the classes
     * @param probabilities of each of them, from {@code offset} on
     * @param offset the first one's place
     */
    public static List<Prediction> ranked(List<String> labels, float[] probabilities, int offset) {
      return IntStream.range(0, labels.size())
          .mapToObj(label -> new Prediction(labels.get(label), probabilities[offset + label]))
          .sorted(Comparator.comparing(Prediction::probability).reversed())
          .toList();
    }
  }

  /**
   * Classifies one image.
   *
   * @param content the image file's bytes
   * @return every class, the most probable first
   * @throws UnreadableImageException where it can't be decoded
   */
  public List<Prediction> classify(byte[] content) throws UnreadableImageException {
    float[] probabilities = session.ofImages(List.of(decoder.decode(content)));
    return Prediction.ranked(description.labels(), probabilities, 0);
  }

  @Override
  public void close() {
    decoder.close();
    session.close();
  }
}
