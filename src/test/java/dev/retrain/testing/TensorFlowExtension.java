package dev.retrain.testing;

import dev.retrain.util.TensorFlowRuntime;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Configures TensorFlow before the first test, since tests create graphs and sessions without
 * {@link TensorFlowRuntime}. JUnit detects the extension by its service file.
 */
public final class TensorFlowExtension implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    TensorFlowRuntime.ensureConfigured();
  }
}
