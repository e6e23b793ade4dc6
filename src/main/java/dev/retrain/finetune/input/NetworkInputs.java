package dev.retrain.finetune.input;

import org.tensorflow.proto.GraphDef;

/** What a graph feeds to a network. */
public interface NetworkInputs {
  /**
   * Connects the inputs to a network.
   *
   * @param network a network
   * @param input its placeholder, {@code name:index}
   * @return the network with these inputs
   */
  GraphDef connect(GraphDef network, String input);
}
