package dev.retrain.bottleneck.extract;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.Bfloat16;
import dev.retrain.backbone.ComputeOptions;
import dev.retrain.backbone.Precision;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.list.ImageList;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.util.EvenIndexes;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.RegularFile;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses between float32 and bfloat16 by comparing the vectors of a sample of images: with
 * bfloat16, some backbones compute nearly the same vectors, others (small MobileNets) very
 * different ones.
 *
 * <p>The choice depends only on the images, the backbone and the machine, never on timing.
 */
public final class PrecisionSelector {
  /** Images in the sample, spread evenly over the folder. */
  static final int SAMPLE = 32;

  /** Minimum cosine similarity of bfloat16 and float32 vectors, for every image of the sample. */
  static final double MIN_COSINE = 0.999;

  private static final int BATCH = 8;
  private static final Logger LOG = LoggerFactory.getLogger(PrecisionSelector.class);

  private PrecisionSelector() {}

  /**
   * Chooses bfloat16 if the machine supports it and every vector of the sample is nearly equal to
   * its float32 vector; logs the choice.
   *
   * @param backbone the backbone
   * @param list the images
   * @return the backbone with the chosen precision
   * @throws RetrainException if the images or the backbone can't be used
   * @throws IOException if the images can't be listed
   */
  public static Backbone choose(Backbone backbone, ImageList list) throws IOException {
    Backbone float32 = withPrecision(Precision.FLOAT32, backbone);
    Backbone bfloat16 = withPrecision(Precision.BFLOAT16, backbone);
    Optional<String> obstacle = Bfloat16.obstacle();
    if (obstacle.isPresent()) {
      LOG.info("Precision float32: this machine does not support bfloat16 ({}).", obstacle.get());
      return float32;
    }
    List<float[]> images = sample(list.scan().files(), backbone);
    if (images.isEmpty()) {
      return float32;
    }
    double cosine = minCosine(vectors(float32, images), vectors(bfloat16, images));
    Backbone chosen = cosine >= MIN_COSINE ? bfloat16 : float32;
    LOG.info(
        "Precision {}: for {}, the cosine similarity of bfloat16 and float32 vectors"
            + " is at least {} (bfloat16 requires {}).",
        chosen.computation().precision(),
        Counted.of(images.size(), "sampled image"),
        String.format(Locale.ROOT, "%.5f", cosine),
        MIN_COSINE);
    return chosen;
  }

  private static Backbone withPrecision(Precision precision, Backbone backbone) {
    return backbone.with(new ComputeOptions(backbone.computation().optimized(), precision));
  }

  private static List<float[]> sample(List<ImageFile> files, Backbone backbone) throws IOException {
    List<float[]> images = new ArrayList<>();
    int count = Math.min(SAMPLE, files.size());
    try (ImageDecoder decoder = new ImageDecoder(backbone.preprocessing())) {
      for (int i : EvenIndexes.of(files.size(), count).toArray()) {
        Path file = files.get(i).path();
        try {
          images.add(decoder.decode(RegularFile.read(file)));
        } catch (UnreadableImageException | IOException e) {
          // Extraction reports it.
          LOG.debug("{} is not sampled", file, e);
        }
      }
    }
    return images;
  }

  private static List<float[]> vectors(Backbone backbone, List<float[]> images) {
    List<float[]> vectors = new ArrayList<>();
    try (BackboneSession session = new BackboneSession(backbone)) {
      int length = session.vectorLength();
      for (int start = 0; start < images.size(); start += BATCH) {
        List<float[]> batch = images.subList(start, Math.min(start + BATCH, images.size()));
        float[] flat = session.vectors(batch);
        for (int i = 0; i < batch.size(); i++) {
          vectors.add(Arrays.copyOfRange(flat, i * length, (i + 1) * length));
        }
      }
    }
    return vectors;
  }

  private static double minCosine(List<float[]> some, List<float[]> others) {
    double minimum = 1;
    for (int i = 0; i < some.size(); i++) {
      minimum = Math.min(minimum, cosine(some.get(i), others.get(i)));
    }
    return minimum;
  }

  /** Cosine similarity; 1 for two zero vectors, and 0 instead of NaN. */
  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double normA = 0;
    double normB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      normA += (double) a[i] * a[i];
      normB += (double) b[i] * b[i];
    }
    if (normA == 0 && normB == 0) {
      return 1;
    }
    double cosine = product / Math.sqrt(normA * normB);
    return Double.isNaN(cosine) ? 0 : cosine;
  }
}
