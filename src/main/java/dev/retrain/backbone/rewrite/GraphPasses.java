package dev.retrain.backbone.rewrite;

import java.util.List;
import java.util.Set;
import org.tensorflow.proto.GraphDef;

/** The graph passes that are applied to backbones. */
public final class GraphPasses {
  // The last FoldConstants computes the products of weights and scales.
  private static final List<GraphPass> OPTIMIZATIONS =
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
   * Optimizes a graph for speed. Vectors change only by rounding, less than 1e-4 of their norm.
   *
   * @param graph the frozen graph
   * @param kept names of operations that must remain, because images are fed or vectors fetched
   *     there
   * @return the optimized graph, which may contain nodes that nothing reads
   */
  public static GraphDef optimize(GraphDef graph, Set<String> kept) {
    return apply(OPTIMIZATIONS, graph, kept);
  }

  /**
   * Makes a graph that was frozen for one image accept batches of any size.
   *
   * @param graph the frozen graph
   * @return a graph that computes the same values for one image
   */
  public static GraphDef unfixBatchDimension(GraphDef graph) {
    return apply(List.of(new UnfixBatchDimension()), graph, Set.of());
  }

  /**
   * Adds a branch with the same weights that processes the horizontally flipped images. Existing
   * nodes are unchanged.
   *
   * @param graph the frozen graph
   * @param input the input tensor, {@code name:index}
   * @param prefix prefix of the names of the branch's nodes; the rest of a name is that of the
   *     corresponding node
   * @return the graph with both branches
   */
  public static GraphDef withMirroredBranch(GraphDef graph, String input, String prefix) {
    return new MirroredBranch(graph, input, prefix).addToGraph();
  }

  private static GraphDef apply(List<GraphPass> passes, GraphDef graph, Set<String> kept) {
    GraphDef transformed = graph;
    for (GraphPass pass : passes) {
      transformed = pass.apply(transformed, kept);
    }
    return transformed;
  }
}
