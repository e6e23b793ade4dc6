package dev.retrain.model;

import dev.retrain.backbone.graph.SessionPool;
import dev.retrain.image.ImageBatch;
import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.model.ModelMetadata.ImageInput;
import dev.retrain.model.ModelMetadata.VectorInput;
import dev.retrain.util.ErrorText;
import dev.retrain.util.RetrainException;
import dev.retrain.util.RunWatchdog;
import dev.retrain.util.SessionConfigs;
import dev.retrain.util.TensorFlowRuntime;
import java.util.List;
import java.util.Locale;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;

/**
 * A model loaded into TensorFlow: images or vectors in, probabilities out. Thread-safe.
 *
 * <p>Owns its native graph and sessions; {@link #close()} frees them.
 */
public final class ModelSession implements AutoCloseable {
  private final ModelBundle model;
  private final int classes;
  private final Graph graph = TensorFlowRuntime.newGraph();
  private final SessionPool sessions;

  private ModelSession(ModelBundle model, ConfigProto threads) {
    this.model = model;
    classes = model.metadata().labels().size();
    try {
      TensorCheck.importInto(graph, model);
      sessions = new SessionPool(graph, threads);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  /**
   * Loads a model.
   *
   * @param model the model
   * @param singleThreaded whether it computes on the calling thread only; otherwise on all cores or
   *     the GPU
   * @throws RetrainException if TensorFlow can't load the graph, or the metadata doesn't match it
   */
  public static ModelSession open(ModelBundle model, boolean singleThreaded) {
    return new ModelSession(
        model, singleThreaded ? SessionConfigs.SINGLE_THREADED : ConfigProto.getDefaultInstance());
  }

  /**
   * Classifies images.
   *
   * @param images each [height, width, 3], flat, as returned by {@link ImageDecoder#decode}
   * @return [images, classes], flat; each row sums to 1
   * @throws RetrainException if the model accepts vectors
   */
  public float[] classifyImages(List<float[]> images) {
    ImageInput input = model.images();
    try (ImageBatch batch = ImageBatch.copyOf(images, input.preprocessing())) {
      return run(input.tensor(), batch.tensor(), images.size());
    }
  }

  /**
   * Classifies vectors of the model's backbone.
   *
   * @param vectors [count, length], flat
   * @param count number of vectors
   * @return [count, classes], flat; each row sums to 1
   * @throws RetrainException if the vectors don't have the length that the model accepts
   */
  public float[] classifyVectors(float[] vectors, int count) {
    checkLength(vectors.length / count);
    try (TFloat32 batch =
        TFloat32.tensorOf(
            Shape.of(count, vectors.length / count), DataBuffers.of(vectors, true, false))) {
      return run(model.vectorTensor(), batch, count);
    }
  }

  private void checkLength(int length) {
    ModelMetadata metadata = model.metadata();
    if (metadata.input() instanceof VectorInput input) {
      if (length != input.length()) {
        throw new RetrainException(
            "%s accepts vectors of length %,d, but these have length %,d.",
            model.file(), input.length(), length);
      }
    } else if (length != metadata.backbone().vectorLength()) {
      throw TensorCheck.mismatch(
          model,
          "backbone.bottlenecks",
          String.format(
              Locale.ROOT,
              "the vectors have length %,d, but the classifier expects %,d",
              length,
              metadata.backbone().vectorLength()));
    }
  }

  private float[] run(String input, TFloat32 batch, int count) {
    String output = model.metadata().output().tensor();
    try (Result result = result(input, batch, output)) {
      Shape shape = result.get(0).shape();
      if (!shape.equals(Shape.of(count, classes))) {
        throw TensorCheck.mismatch(
            model,
            "labels",
            String.format(
                Locale.ROOT,
                "tensor %s has shape %s for %d examples and %d labels",
                output,
                shape,
                count,
                classes));
      }
      float[] probabilities = new float[Math.multiplyExact(count, classes)];
      ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(probabilities);
      return probabilities;
    } catch (TensorFlowException | IllegalArgumentException e) {
      throw new RetrainException(
          e,
          "%s can't compute %s from %s of shape %s: %s.",
          model.file(),
          output,
          input,
          batch.shape(),
          ErrorText.firstLine(e));
    }
  }

  private Result result(String input, TFloat32 batch, String output) {
    return RunWatchdog.watch(
        model.file().toString(),
        () -> sessions.run(session -> session.runner().feed(input, batch).fetch(output).run()));
  }

  @Override
  public void close() {
    sessions.close();
    graph.close();
  }
}
