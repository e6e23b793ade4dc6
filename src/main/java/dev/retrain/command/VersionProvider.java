package dev.retrain.command;

import dev.retrain.model.ModelDescription.Versions;
import dev.retrain.work.BuildProperties;
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

  /** The version's day, such as 2026-11-24. */
  static String date() {
    return BuildProperties.get("date").substring(0, "2026-11-24".length());
  }
}
