package dev.retrain.backbone.rewrite;

import java.util.List;
import java.util.Set;
import org.tensorflow.proto.GraphDef;

/** What is done to every network. */
public final class GraphPasses {
  // The last folding computes the weights that the scales have left as products.
  private static final List<GraphPass> SAME_VALUES =
      List.of(
          new RemoveCheckOps(),
          new DecomposeBatchNorm(),
          new FoldConstants(),
          new DistributeScale(),
          new FoldScaleIntoConv(),
          new FoldConstants(),
          new MergeBiases(),
          new ShiftToBiasAdd(),
          new FoldConstants());

  private GraphPasses() {}

  /**
   * Rewrites a graph so that it runs faster. Vectors differ from those of the graph as it was by
   * rounding only, less than 1e-4 of their length.
   *
   * @param graph the frozen graph
   * @param kept operations that must stay, because images are fed there or vectors read
   * @return the faster graph; nodes that are not needed any more may be left over
   */
  public static GraphDef faster(GraphDef graph, Set<String> kept) {
    return apply(SAME_VALUES, graph, kept);
  }

  /**
   * Lets a graph that was frozen for one image take any number of them.
   *
   * @param graph the frozen graph
   * @return the same for one image
   */
  public static GraphDef anyBatch(GraphDef graph) {
    return apply(List.of(new UnfixBatchDimension()), graph, Set.of());
  }

  /**
   * Adds a second network with the same weights that sees images mirrored, left to right; all that
   * is there stays as it is.
   *
   * @param graph the frozen graph
   * @param input the tensor images are fed at, {@code name:index}
   * @param prefix the name of what a tensor that sees the images, or is them, has in the second
   *     network begins with this, and goes on as the tensor's
   * @return both
   */
  public static GraphDef withMirroredTwin(GraphDef graph, String input, String prefix) {
    return new MirroredBranch(graph, input, prefix).both();
  }

  private static GraphDef apply(List<GraphPass> rewrites, GraphDef graph, Set<String> kept) {
    GraphDef rewritten = graph;
    for (GraphPass rewrite : rewrites) {
      rewritten = rewrite.apply(rewritten, kept);
    }
    return rewritten;
  }
}
