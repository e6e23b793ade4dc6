package dev.retrain.backbone;

import dev.retrain.util.RetrainException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;

/**
 * Finds networks whose vector of an image depends on the other images of its batch, because batch
 * normalization was exported in training mode. Their vectors would depend on how images are
 * batched, so they are refused.
 */
final class BatchProbe {
  /** Networks for inference differ by up to 1e-6 of the largest value, others by 7e-3 and more. */
  private static final float TOLERANCE = 1e-4f;

  /** For networks that compute in half precision, whose rounding can differ with the batch. */
  private static final float HALF_PRECISION_TOLERANCE = 4e-3f;

  private static final int BATCH = 3;

  private BatchProbe() {}

  /**
   * Checks a backbone.
   *
   * @param vectors computes the vectors of images, flat
   * @throws RetrainException if vectors depend on other images
   */
  static void check(Backbone backbone, Function<List<float[]>, float[]> vectors) {
    List<float[]> images = images(backbone);
    float[] alone = vectors.apply(images.subList(0, 1));
    float[] batch = vectors.apply(images);
    float largest = 0;
    float difference = 0;
    for (int i = 0; i < alone.length; i++) {
      largest = Math.max(largest, Math.abs(alone[i]));
      difference = Math.max(difference, Math.abs(alone[i] - batch[i]));
    }
    boolean half =
        backbone.computation().precision() != Precision.FLOAT32 || isHalf(backbone.graph());
    if (!(difference <= largest * (half ? HALF_PRECISION_TOLERANCE : TOLERANCE))) {
      throw new RetrainException(
          String.format(
              Locale.ROOT,
              "Backbone %s can't be used: its vector of an image depends on the other images of a batch"
                  + " (it changes by %.2g of its largest value). Batch normalization was exported in"
                  + " training mode. Export the network for inference, in Keras by"
                  + " ExportArchive.add_endpoint with a function that calls the model with"
                  + " training=False.",
              backbone.name(),
              difference / largest));
    }
  }

  /** Images of different brightness, with noise. */
  private static List<float[]> images(Backbone backbone) {
    SplittableRandom random = new SplittableRandom(1);
    float mean = backbone.preprocessing().normalization().mean(0);
    float std = backbone.preprocessing().normalization().std(0);
    List<float[]> images = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      float[] image = new float[backbone.preprocessing().imageLength()];
      double brightest = 255.0 * (i + 1) / BATCH;
      for (int j = 0; j < image.length; j++) {
        image[j] = (float) (random.nextDouble(0, brightest) - mean) / std;
      }
      images.add(image);
    }
    return images;
  }

  private static boolean isHalf(GraphDef graph) {
    return graph.getNodeList().stream()
        .flatMap(node -> node.getAttrMap().values().stream())
        .anyMatch(
            value ->
                value.getType() == DataType.DT_HALF || value.getType() == DataType.DT_BFLOAT16);
  }
}
