package dev.retrain.backbone.rewrite;

import java.util.Set;
import org.tensorflow.proto.GraphDef;

/** Transforms a frozen graph into one that computes the same values. */
interface GraphPass {
  /**
   * @param graph the graph
   * @param kept names of operations that must remain, because images are fed or vectors fetched
   *     there
   * @return a graph in which every node with a name of the given graph has the same value; the same
   *     object if nothing changes. It may contain constants that nothing reads.
   */
  GraphDef apply(GraphDef graph, Set<String> kept);
}
