package dev.retrain.backbone;

import dev.retrain.image.ImageBatch;
import dev.retrain.image.ImageDecoder;
import dev.retrain.util.RetrainException;
import dev.retrain.util.SessionConfigs;
import java.util.List;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;

/**
 * A backbone ready to run: images in, bottleneck vectors out.
 *
 * <p>Owns its native graph and session; {@link #close()} frees them. Safe for use by several
 * threads at once.
 */
public final class BackboneSession implements AutoCloseable {
  private final Backbone backbone;
  private final BackboneGraph graph;
  private final Session session;
  private final int vectorLength;

  /**
   * Loads a backbone, to run on all cores, and tries it on one black image.
   *
   * @param backbone the network
   * @throws RetrainException where it can't be loaded or run, or the machine lacks its precision
   */
  public BackboneSession(Backbone backbone) {
    this(backbone, ConfigProto.getDefaultInstance());
  }

  private BackboneSession(Backbone backbone, ConfigProto threads) {
    this.backbone = backbone;
    graph = new BackboneGraph(backbone);
    Session opened = null;
    try {
      opened = new Session(graph.graph(), config(backbone, threads));
      session = opened;
      vectorLength = probe();
    } catch (RuntimeException e) {
      if (opened != null) {
        opened.close();
      }
      graph.close();
      throw e;
    }
  }

  /**
   * Loads a backbone to run on the threads that call it, each call on its own alone, and tries it
   * on one black image.
   *
   * @param backbone the network
   * @throws RetrainException where it can't be loaded or run, or the machine lacks its precision
   */
  public static BackboneSession ofOneThread(Backbone backbone) {
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
                  "This machine can't compute in bfloat16: %s. Use --precision float32 or auto."
                      .formatted(reason));
            });
    return threads.toBuilder().mergeFrom(Bfloat16.session()).build();
  }

  private int probe() {
    float[] black = new float[backbone.preprocessing().imageLength()];
    try (ImageBatch images = ImageBatch.copyOf(List.of(black), backbone.preprocessing());
        Result result = fetch(images.tensor())) {
      Shape shape = result.get(0).shape();
      if (shape.numDimensions() != 2 || shape.get(0) != 1) {
        throw new RetrainException(
            "The network %s gives %s for one image; expected one vector, [1, length]."
                .formatted(backbone.name(), shape));
      }
      return Math.toIntExact(shape.get(1));
    } catch (IllegalArgumentException | UnsupportedOperationException | TensorFlowException e) {
      throw new RetrainException(
          ("The network %s fails on an image of %d x %d at %s: %s. Check --input, --bottleneck and"
                  + " --size.")
              .formatted(
                  backbone.name(),
                  backbone.preprocessing().height(),
                  backbone.preprocessing().width(),
                  backbone.input(),
                  BackboneGraph.said(e)),
          e);
    }
  }

  /** Floats in a vector. */
  public int vectorLength() {
    return vectorLength;
  }

  /**
   * Computes the vectors of some images.
   *
   * @param images each [height, width, 3], flat, as {@link ImageDecoder#decode} gives them
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
   * @param batch images as this backbone's preprocessing makes them
   * @return [batch size, vectorLength], flat
   */
  public float[] vectors(ImageBatch batch) {
    try (Result result = fetch(batch.tensor())) {
      float[] vectors = new float[batch.size() * vectorLength];
      ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(vectors);
      return vectors;
    }
  }

  private Result fetch(TFloat32 images) {
    return session.runner().feed(backbone.input(), images).fetch(graph.vector()).run();
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
