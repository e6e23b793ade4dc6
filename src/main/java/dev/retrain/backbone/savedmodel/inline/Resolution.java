package dev.retrain.backbone.savedmodel.inline;

import dev.retrain.backbone.savedmodel.inline.Scope.Output;
import dev.retrain.backbone.savedmodel.inline.Scope.Source;
import java.util.List;
import org.tensorflow.proto.NodeDef;

/** Resolves the inputs of nodes, for the rules of single ops. */
interface Resolution {
  /** The value of a source; null if it must be resolved first, which is then planned. */
  Value need(Source source);

  /** The data inputs of a node, from the one at {@code first} on. */
  List<Source> inputs(Scope scope, NodeDef node, int first);

  /** The name of a node in the frozen graph, which has or will have it. */
  String name(Output output);

  /** Adds the nodes of an output. */
  Value resolve(Output output);

  /** A resolution that adds nodes to the body of a function. */
  Resolution within(Body function);
}
