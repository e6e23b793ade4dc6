package dev.retrain.backbone.rewrite;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/**
 * Makes a {@code Reshape} to [1, ...], as Inception of 2015 has before its classifier, accept any
 * number of images: the 1 becomes -1, which TensorFlow infers.
 */
final class UnfixBatchDimension implements GraphPass {
  /** The most dimensions of a tensor in TensorFlow. */
  private static final int MAX_DIMENSIONS = 254;

  @Override
  public GraphDef apply(GraphDef graph, Set<String> kept) {
    GraphIndex index = new GraphIndex(graph, kept);
    Map<String, List<NodeDef>> replacements = new HashMap<>();
    for (NodeDef node : index.nodes()) {
      if (node.getOp().equals("Reshape")) {
        index
            .skipIdentities(node.getInput(1))
            .filter(UnfixBatchDimension::isIntVector)
            .map(shape -> sizes(NodeDefs.value(shape)))
            .filter(UnfixBatchDimension::isSingleImage)
            .ifPresent(sizes -> replacements.put(node.getName(), unfixed(index, node, sizes)));
      }
    }
    return index.with(replacements);
  }

  private static boolean isIntVector(NodeDef shape) {
    return shape.getOp().equals("Const")
        && NodeDefs.type(shape, "dtype") == DataType.DT_INT32
        && NodeDefs.shape(shape).size() == 1
        && NodeDefs.shape(shape).get(0) <= MAX_DIMENSIONS;
  }

  private static List<Integer> sizes(TensorProto shape) {
    List<Integer> sizes = new ArrayList<>(shape.getIntValList());
    IntBuffer packed =
        shape
            .getTensorContent()
            .asReadOnlyByteBuffer()
            .order(ByteOrder.LITTLE_ENDIAN)
            .asIntBuffer();
    while (packed.hasRemaining()) {
      sizes.add(packed.get());
    }
    // TensorProto repeats the last value of a list that is too short.
    while (!sizes.isEmpty() && sizes.size() < shape.getTensorShape().getDim(0).getSize()) {
      sizes.add(sizes.get(sizes.size() - 1));
    }
    return sizes;
  }

  private static boolean isSingleImage(List<Integer> sizes) {
    return sizes.size() > 1 && sizes.get(0) == 1 && sizes.stream().allMatch(size -> size > 0);
  }

  private static List<NodeDef> unfixed(GraphIndex index, NodeDef reshape, List<Integer> sizes) {
    String shape = index.freshName(reshape.getName() + "/any_batch");
    List<Integer> any = new ArrayList<>(sizes);
    any.set(0, -1);
    return List.of(
        NodeDefs.constant(shape, NodeDefs.ints(any)),
        reshape.toBuilder().setInput(1, shape).build());
  }
}
