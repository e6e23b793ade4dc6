package dev.retrain.finetune.input;

import org.tensorflow.Session;

/** The tensors of {@link NetworkInputs}. Owns them; {@link #close()} frees them. */
public interface InputTensors extends AutoCloseable {
  /** Feeds them to a graph with these inputs. */
  Session.Runner feed(Session.Runner runner);

  @Override
  void close();
}
