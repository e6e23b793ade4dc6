package dev.retrain.bottleneck.extract;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.Bfloat16;
import dev.retrain.backbone.ComputeOptions;
import dev.retrain.backbone.Precision;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.image.ImageDecoder;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.RegularFile;
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
 * Finds out whether a network bears bfloat16, on a sample of the images it is meant for: some
 * networks give nearly the same vectors, others (small MobileNets) quite different ones.
 *
 * <p>The choice hangs on images, network and machine alone, not on the time anything takes.
 */
public final class PrecisionSelector {
  /** Images tried, spread evenly over all. */
  static final int SAMPLE = 32;

  /** Least cosine between a vector of bfloat16 and that of float32, for every image tried. */
  static final double LEAST_COSINE = 0.999;

  private static final int BATCH = 8;
  private static final Logger LOG = LoggerFactory.getLogger(PrecisionSelector.class);

  private PrecisionSelector() {}

  /**
   * Chooses bfloat16 where the machine has it and every sampled image's vector is nearly that of
   * float32, and says so in the log.
   *
   * @param backbone the network
   * @param imageDir the directory with the class folders
   * @return the network in the precision chosen
   * @throws RetrainException where the directory or the network can't be used
   * @throws IOException where the directory can't be read
   */
  public static Backbone choose(Backbone backbone, Path imageDir) throws IOException {
    Backbone exact = in(Precision.FLOAT32, backbone);
    Backbone fast = in(Precision.BFLOAT16, backbone);
    Optional<String> obstacle = Bfloat16.obstacle();
    if (obstacle.isPresent()) {
      LOG.info("Precision float32: this machine has no bfloat16 ({}).", obstacle.get());
      return exact;
    }
    List<float[]> images = sample(ImageFolder.scan(imageDir).files(), backbone);
    if (images.isEmpty()) {
      return exact;
    }
    double cosine = leastCosine(vectors(exact, images), vectors(fast, images));
    boolean bears = cosine >= LEAST_COSINE;
    LOG.info(
        "Precision {}: of {} images tried, the vector that bfloat16 changes most has a cosine of"
            + " {} to its own ({} is asked for).",
        bears ? Precision.BFLOAT16 : Precision.FLOAT32,
        images.size(),
        String.format(Locale.ROOT, "%.5f", cosine),
        LEAST_COSINE);
    return bears ? fast : exact;
  }

  private static Backbone in(Precision precision, Backbone backbone) {
    return backbone.with(new ComputeOptions(backbone.computation().optimized(), precision));
  }

  private static List<float[]> sample(List<ImageFile> files, Backbone backbone) throws IOException {
    List<float[]> images = new ArrayList<>();
    int count = Math.min(SAMPLE, files.size());
    try (ImageDecoder decoder = new ImageDecoder(backbone.preprocessing())) {
      for (int i = 0; i < count; i++) {
        Path file = files.get((int) ((long) i * files.size() / count)).path();
        try {
          images.add(decoder.decode(RegularFile.read(file)));
        } catch (UnreadableImageException | IOException e) {
          // Extraction will say so.
          LOG.debug("{} is not tried", file, e);
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
        float[] joined = session.vectors(batch);
        for (int i = 0; i < batch.size(); i++) {
          vectors.add(Arrays.copyOfRange(joined, i * length, (i + 1) * length));
        }
      }
    }
    return vectors;
  }

  private static double leastCosine(List<float[]> some, List<float[]> others) {
    double least = 1;
    for (int i = 0; i < some.size(); i++) {
      least = Math.min(least, cosine(some.get(i), others.get(i)));
    }
    return least;
  }

  /** 1 for equal vectors, also for two that are 0; NaN counts as nothing alike. */
  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double ofA = 0;
    double ofB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      ofA += (double) a[i] * a[i];
      ofB += (double) b[i] * b[i];
    }
    if (ofA == 0 && ofB == 0) {
      return 1;
    }
    double cosine = product / Math.sqrt(ofA * ofB);
    return Double.isNaN(cosine) ? 0 : cosine;
  }
}
