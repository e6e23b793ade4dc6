package dev.retrain.dataset.cifar;

import dev.retrain.util.TensorFlowRuntime;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * Encodes CIFAR-10's records as PNG files with TensorFlow's op: the files are 20% smaller than
 * those of ImageIO, and do not depend on the Java version. Owns the graph.
 *
 * <p>Thread-safe.
 */
final class PngEncoder implements AutoCloseable {
  private static final String RECORDS = "records";
  private static final String FILES = "files";

  private final Graph graph;
  private final Session session;

  PngEncoder() {
    graph = TensorFlowRuntime.newGraph();
    try {
      build(Ops.create(graph));
      session = new Session(graph);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  private static void build(Ops tf) {
    Placeholder<TUint8> records =
        tf.withName(RECORDS)
            .placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, RecordBlock.RECORD)));
    Operand<TUint8> planes =
        tf.reshape(
            tf.slice(records, tf.constant(new int[] {0, 1}), tf.constant(new int[] {-1, -1})),
            tf.constant(new int[] {-1, RecordBlock.CHANNELS, RecordBlock.SIZE, RecordBlock.SIZE}));
    tf.withName(FILES)
        .image
        .encodePng(tf.linalg.transpose(planes, tf.constant(new int[] {0, 2, 3, 1})));
  }

  /** Returns one PNG file per record, in the order of the records. */
  List<byte[]> encode(RecordBlock block) {
    try (TUint8 fed =
            TUint8.tensorOf(
                Shape.of(block.count(), RecordBlock.RECORD), DataBuffers.of(block.records()));
        Result result = session.runner().feed(RECORDS, fed).fetch(FILES).run()) {
      List<byte[]> files = new ArrayList<>(block.count());
      ((TString) result.get(0)).asBytes().scalars().forEach(file -> files.add(file.getObject()));
      return files;
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
