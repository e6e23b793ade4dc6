package dev.retrain.finetune.image;

import dev.retrain.finetune.input.ImageTensors;
import dev.retrain.finetune.input.NetworkInputs;
import dev.retrain.training.graph.FetchedTensors;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.SessionConfigs;
import dev.retrain.util.TensorFlowRuntime;
import dev.retrain.util.concurrent.OrderedPrefetch;
import dev.retrain.util.concurrent.WorkerPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/**
 * The values of a node of a network for images that are not distorted, in a temporary file.
 *
 * <p>Owns the file; several threads may read at once.
 */
public final class ActivationFile implements AutoCloseable {
  /** Images computed at once. */
  private static final int BATCH = 32;

  private static final int AHEAD = 2 * WorkerPool.COUNT;

  private final RecordFile records;
  private final int length;

  private ActivationFile(RecordFile records, int length) {
    this.records = records;
    this.length = length;
  }

  /**
   * Computes the values, with one thread per core.
   *
   * @param directory where the file is; created if it is missing
   * @param pixels the images
   * @param inputs inputs without distortions, for these images
   * @param network the frozen network
   * @param input its placeholder, {@code name:index}
   * @param cut name of the node
   * @param length number of values of an image
   * @param progress counts the images, and may cancel the work
   * @throws CancelledException if the user cancelled
   * @throws IOException if the file can't be written, or the disk lacks the space
   */
  public static ActivationFile create(
      Path directory,
      PixelFile pixels,
      NetworkInputs inputs,
      GraphDef network,
      String input,
      String cut,
      int length,
      Progress progress)
      throws IOException {
    RecordFile records =
        RecordFile.create(
            directory, "activations", pixels.count(), Math.multiplyExact(length, Float.BYTES));
    ActivationFile file = new ActivationFile(records, length);
    progress.begin("Activations", "images", pixels.count());
    try (Graph graph = TensorFlowRuntime.newGraph()) {
      graph.importGraphDef(inputs.connect(network, input));
      try (Session session = new Session(graph, SessionConfigs.SINGLE_THREADED)) {
        file.fill(pixels, first -> compute(session, cut, pixels, first), progress);
      }
      return file;
    } catch (IOException | RuntimeException | Error e) {
      try (file) {
        throw e;
      }
    } finally {
      progress.end();
    }
  }

  private void fill(
      PixelFile pixels, OrderedPrefetch.Work<Integer, float[]> compute, Progress progress)
      throws IOException {
    int batches = (pixels.count() + BATCH - 1) / BATCH;
    try (OrderedPrefetch<Integer, float[]> computed =
        new OrderedPrefetch<>(
            IntStream.range(0, batches).map(batch -> batch * BATCH).iterator(), AHEAD, compute)) {
      while (computed.hasNext()) {
        if (progress.cancelled()) {
          throw new CancelledException("Interrupted while activations were computed.");
        }
        float[] values = computed.next().result().result();
        for (int offset = 0; offset < values.length; offset += length) {
          records.append(encode(values, offset));
        }
        progress.advance(values.length / length);
      }
    }
  }

  private static float[] compute(Session session, String cut, PixelFile pixels, int first) {
    int count = Math.min(BATCH, pixels.count() - first);
    try (ImageTensors images = ImageTensors.allocate(count, pixels.height(), pixels.width(), 1)) {
      for (int i = 0; i < count; i++) {
        pixels.read(first + i, images.image(i));
      }
      try (Result result = images.feed(session.runner()).fetch(cut).run()) {
        return FetchedTensors.floats(result.get(0));
      }
    }
  }

  private ByteBuffer buffer() {
    return ByteBuffer.allocate(length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer encode(float[] values, int offset) {
    ByteBuffer bytes = buffer();
    bytes.asFloatBuffer().put(values, offset, length);
    return bytes;
  }

  /**
   * Reads the values of images.
   *
   * @param images their indexes
   * @param target [images.length, ...]: receives the values
   */
  public void read(int[] images, TFloat32 target) {
    float[] values = new float[images.length * length];
    ByteBuffer bytes = buffer();
    for (int i = 0; i < images.length; i++) {
      records.read(images[i], bytes);
      bytes.asFloatBuffer().get(values, i * length, length);
    }
    target.asRawTensor().data().asFloats().write(values);
  }

  @Override
  public void close() throws IOException {
    records.close();
  }
}
