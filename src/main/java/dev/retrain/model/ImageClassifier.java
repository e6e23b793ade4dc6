package dev.retrain.model;

import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.training.Objective;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
   *     model accepts vectors
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

    /**
     * The classes whose probability is at least their threshold.
     *
     * @param ranked classes with their probabilities
     * @param labels the classes
     * @param thresholds the threshold of each class, in the order of {@code labels}
     * @return those of {@code ranked}, in its order
     */
    public static List<Prediction> above(
        List<Prediction> ranked, List<String> labels, List<Float> thresholds) {
      Map<String, Float> byLabel = new HashMap<>();
      for (int label = 0; label < labels.size(); label++) {
        byLabel.put(labels.get(label), thresholds.get(label));
      }
      return ranked.stream().filter(one -> one.probability() >= byLabel.get(one.label())).toList();
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

  /**
   * The classes of one image, according to a model that gives an image any number of them.
   *
   * @param content the image file's bytes
   * @return the classes whose probability is at least their threshold, in descending order of
   *     probability; may be empty
   * @throws UnreadableImageException if it can't be decoded
   * @throws IllegalStateException if the model gives an image exactly one label
   */
  public List<Prediction> labels(byte[] content) throws UnreadableImageException {
    if (metadata.objective() != Objective.MULTI_LABEL) {
      throw new IllegalStateException("the model gives an image exactly one label");
    }
    return Prediction.above(classify(content), metadata.labels(), metadata.output().thresholds());
  }

  @Override
  public void close() {
    decoder.close();
    session.close();
  }
}
