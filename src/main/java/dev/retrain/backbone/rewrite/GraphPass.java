package dev.retrain.backbone.rewrite;

import java.util.Set;
import org.tensorflow.proto.GraphDef;

/** Makes of a frozen graph another that computes the same. */
interface GraphPass {
  /**
   * @param graph the graph
   * @param kept operations that must stay, because images are fed there or vectors read
   * @return a graph in which every node that has kept its name has kept its value, with the same
   *     versions; the same object where there is nothing to do. Constants that nobody reads any
   *     more may be left over.
   */
  GraphDef apply(GraphDef graph, Set<String> kept);
}
