package dev.retrain.model;

import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Classifies images with a model on disk.
 *
 * <p>Owns its native objects; {@link #close()} frees them.
 */
public final class ImageClassifier implements AutoCloseable {
  private final ModelMetadata metadata;
  private final ModelSession session;
  private final ImageDecoder decoder;

  private ImageClassifier(ModelBundle model) {
    metadata = model.metadata();
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
   * @param path its graph or metadata file
   * @throws RetrainException if a file is missing or damaged, the two don't belong together, or the
   *     model takes vectors
   * @throws IOException if a file can't be read
   */
  public static ImageClassifier load(Path path) throws IOException {
    return new ImageClassifier(ModelBundle.read(path));
  }

  /** The model's metadata. */
  public ModelMetadata metadata() {
    return metadata;
  }

  /**
   * A class and its probability.
   *
   * @param label the class
   * @param probability 0 to 1
   */
  public record Prediction(String label, float probability) {
    /**
     * All classes in descending order of probability.
     *
     * @param labels the classes
     * @param probabilities the probability of each class, from {@code offset} on
     * @param offset index of the first probability
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
   * @return all classes in descending order of probability
   * @throws UnreadableImageException if it can't be decoded
   */
  public List<Prediction> classify(byte[] content) throws UnreadableImageException {
    float[] probabilities = session.classifyImages(List.of(decoder.decode(content)));
    return Prediction.ranked(metadata.labels(), probabilities, 0);
  }

  @Override
  public void close() {
    decoder.close();
    session.close();
  }
}
