package dev.retrain.finetune.network;

import java.util.Set;
import org.tensorflow.proto.GraphDef;

/** The layers of a network that are trained. */
public sealed interface FineTuneLayers {
  Set<String> fixed(GraphDef network, String input, String vector);
  static FineTuneLayers parse(String text) { return new All(); }

  record All() implements FineTuneLayers {
    @Override
    public Set<String> fixed(GraphDef network, String input, String vector) {
      return Set.of();
    }

    @Override
    public String toString() {
      return "all";
    }
  }
}
