package dev.retrain.backbone.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

class UnfixBatchDimensionTest {
  private static GraphDef unfix(GraphDef graph) {
    return new UnfixBatchDimension().apply(graph, Set.of());
  }

  private static GraphSketch reshaped(int... sizes) {
    GraphSketch sketch = new GraphSketch().ints("shape", sizes);
    sketch.node("flat", "Reshape", "x", "shape");
    return sketch;
  }

  private static TensorProto newShape(GraphDef graph) {
    String shape = GraphSketch.find(graph, "flat").getInput(1);
    return GraphSketch.find(graph, shape).getAttrOrThrow("value").getTensor();
  }

  @Test
  void reshapeOfOneImageAcceptsAnyBatch() {
    GraphDef unfixed = unfix(reshaped(1, 90).build());
    assertThat(newShape(unfixed).getIntValList()).containsExactly(-1, 90);
    // The same for as many as the shape would have to say.
    GraphSketch.assertSameValues(reshaped(2, 90).build(), unfixed, "flat");
  }

  @Test
  void packedAndShortenedShapesAreParsed() {
    ByteBuffer packed = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    packed.asIntBuffer().put(new int[] {1, 6, 15});
    GraphDef graph =
        withShape(TensorProto.newBuilder().setTensorContent(ByteString.copyFrom(packed)), 1, 6, 15);
    assertThat(newShape(unfix(graph)).getIntValList()).containsExactly(-1, 6, 15);
    GraphDef shortened = withShape(TensorProto.newBuilder().addIntVal(1).addIntVal(3), 1, 3, 3, 3);
    assertThat(newShape(unfix(shortened)).getIntValList()).containsExactly(-1, 3, 3, 3);
  }

  private static GraphDef withShape(TensorProto.Builder value, int... sizes) {
    GraphDef.Builder graph = reshaped(sizes).build().toBuilder();
    for (NodeDef.Builder node : graph.getNodeBuilderList()) {
      if (node.getName().equals("shape")) {
        TensorProto old = node.getAttrOrThrow("value").getTensor();
        value.setDtype(DataType.DT_INT32).setTensorShape(old.getTensorShape());
        node.putAttr("value", node.getAttrOrThrow("value").toBuilder().setTensor(value).build());
      }
    }
    return graph.build();
  }

  @Test
  void otherShapesAreUnchanged() {
    for (int[] sizes : new int[][] {{2, 90}, {-1, 90}, {1, -1}, {1}}) {
      GraphDef graph = reshaped(sizes).build();
      assertThat(unfix(graph)).isSameAs(graph);
    }
  }
}
