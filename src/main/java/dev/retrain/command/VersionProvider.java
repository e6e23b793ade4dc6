package dev.retrain.command;

import dev.retrain.model.ModelDescription.Versions;
import picocli.CommandLine.IVersionProvider;

/** Versions of the tool, TensorFlow and Java, told without loading TensorFlow. */
final class VersionProvider implements IVersionProvider {
  @Override
  public String[] getVersion() {
    Versions current = Versions.current();
    return new String[] {
      "retrain " + current.retrain(), "TensorFlow " + current.tensorflow(), "Java " + current.java()
    };
  }
}
