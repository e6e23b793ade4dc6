package dev.retrain.backbone;

import dev.retrain.backbone.graph.SessionPool;
import dev.retrain.image.ImageBatch;
import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.util.ErrorText;
import dev.retrain.util.RetrainException;
import dev.retrain.util.RunWatchdog;
import dev.retrain.util.SessionConfigs;
import dev.retrain.util.Setting;
import dev.retrain.util.text.Counted;
import java.util.List;
import org.tensorflow.Result;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;

/**
 * A loaded backbone that computes the vectors of images.
 *
 * <p>Owns the native graph and its sessions; {@link #close()} frees them. Thread-safe.
 */
public final class BackboneSession implements AutoCloseable {
  private final Backbone backbone;
  private final BackboneGraph graph;
  private final SessionPool sessions;
  private final int vectorLength;

  /**
   * Loads a backbone, and runs it on a black image as a check. Each call uses all cores or the GPU.
   *
   * @param backbone the backbone
   * @throws RetrainException if it can't be loaded or run, or the machine does not support its
   *     precision
   */
  public BackboneSession(Backbone backbone) {
    this(backbone, ConfigProto.getDefaultInstance());
  }

  private BackboneSession(Backbone backbone, ConfigProto threads) {
    this.backbone = backbone;
    graph = new BackboneGraph(backbone);
    SessionPool opened = null;
    try {
      opened = new SessionPool(graph.graph(), config(backbone, threads));
      sessions = opened;
      vectorLength = checkVectorLength();
      if (backbone.frozen().needsProbe()) {
        BatchProbe.check(backbone, this::vectors);
        backbone.frozen().probed();
      }
    } catch (RuntimeException e) {
      if (opened != null) {
        opened.close();
      }
      graph.close();
      throw e;
    }
  }

  /**
   * Loads a backbone, and runs it on a black image as a check. Each call computes on the calling
   * thread only.
   *
   * @param backbone the backbone
   * @throws RetrainException if it can't be loaded or run, or the machine does not support its
   *     precision
   */
  public static BackboneSession singleThreaded(Backbone backbone) {
    return new BackboneSession(backbone, SessionConfigs.SINGLE_THREADED);
  }

  private static ConfigProto config(Backbone backbone, ConfigProto threads) {
    if (backbone.computation().precision() == Precision.FLOAT32) {
      return threads;
    }
    Bfloat16.obstacle()
        .ifPresent(
            reason -> {
              throw new RetrainException(
                  "This machine can't compute in bfloat16: %s. Set %s to float32 or auto.",
                  reason, Setting.PRECISION);
            });
    return threads.toBuilder().mergeFrom(Bfloat16.sessionConfig()).build();
  }

  private int checkVectorLength() {
    float[] black = new float[backbone.preprocessing().imageLength()];
    try (ImageBatch images = ImageBatch.copyOf(List.of(black), backbone.preprocessing());
        Result result = fetch(images.tensor())) {
      Shape shape = result.get(0).shape();
      if (shape.numDimensions() != 2 || shape.get(0) != 1 || shape.get(1) < 1) {
        throw new RetrainException(
            "Backbone %s computes a tensor of shape %s for one image, expected [1, length]. Set %s to"
                + " another tensor.",
            backbone.name(), shape, Setting.BOTTLENECK_TENSOR);
      }
      return Math.toIntExact(shape.get(1));
    } catch (IllegalArgumentException | UnsupportedOperationException | TensorFlowException e) {
      throw new RetrainException(
          e,
          "Backbone %s fails on an image of %d x %d at %s: %s. Check %s, %s and %s.",
          backbone.name(),
          backbone.preprocessing().height(),
          backbone.preprocessing().width(),
          backbone.input(),
          ErrorText.firstLine(e),
          Setting.INPUT,
          Setting.BOTTLENECK_TENSOR,
          Setting.SIZE);
    }
  }

  /** Floats in a vector. */
  public int vectorLength() {
    return vectorLength;
  }

  /**
   * Computes the vectors of images.
   *
   * @param images each [height, width, 3], flat, as {@link ImageDecoder#decode} returns it
   * @return [images, vectorLength], flat
   */
  public float[] vectors(List<float[]> images) {
    try (ImageBatch batch = ImageBatch.copyOf(images, backbone.preprocessing())) {
      return vectors(batch);
    }
  }

  /**
   * Computes the vectors of a batch.
   *
   * @param batch images that were preprocessed for this backbone
   * @return [batch size, vectorLength], flat
   * @throws RetrainException if the graph's output has another shape for these images
   */
  public float[] vectors(ImageBatch batch) {
    try (Result result = fetch(batch.tensor())) {
      Shape expected = Shape.of(batch.size(), vectorLength);
      Shape shape = result.get(0).shape();
      if (!shape.equals(expected)) {
        throw new RetrainException(
            "Backbone %s computes a tensor of shape %s for %s, expected %s. Set %s to another"
                + " tensor.",
            backbone.name(),
            shape,
            Counted.of(batch.size(), "image"),
            expected,
            Setting.BOTTLENECK_TENSOR);
      }
      float[] vectors = new float[batch.size() * vectorLength];
      ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(vectors);
      return vectors;
    }
  }

  private Result fetch(TFloat32 images) {
    return RunWatchdog.watch(
        "Backbone " + backbone.name(),
        () ->
            sessions.run(
                session ->
                    session.runner().feed(backbone.input(), images).fetch(graph.vector()).run()));
  }

  @Override
  public void close() {
    sessions.close();
    graph.close();
  }
}
