package dev.retrain.finetune.input;

import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;

/**
 * The tensor of {@link ActivationInputs}.
 *
 * @param cut name of the node
 * @param activations [n, ...]: its values
 */
public record ActivationTensors(String cut, TFloat32 activations) implements InputTensors {
  @Override
  public Session.Runner feed(Session.Runner runner) {
    return runner.feed(cut, activations);
  }

  @Override
  public void close() {
    activations.close();
  }
}
