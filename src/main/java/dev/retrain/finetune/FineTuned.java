package dev.retrain.finetune;

import dev.retrain.training.Head;
import org.tensorflow.proto.GraphDef;

/**
 * A network and a head that were trained together.
 *
 * @param network the frozen network, with the nodes of the original one
 * @param head the head
 */
public record FineTuned(GraphDef network, Head head) {}
