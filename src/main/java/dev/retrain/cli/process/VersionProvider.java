package dev.retrain.cli.process;

import dev.retrain.model.ModelMetadata.Versions;
import dev.retrain.util.BuildInfo;
import picocli.CommandLine.IVersionProvider;

/** The versions of the tool, TensorFlow and Java; does not load TensorFlow. */
public final class VersionProvider implements IVersionProvider {
  @Override
  public String[] getVersion() {
    Versions current = Versions.current();
    return new String[] {
      "retrain " + current.retrain(), "TensorFlow " + current.tensorflow(), "Java " + current.java()
    };
  }

  /** The date of the version, such as 2026-11-24. */
  public static String date() {
    return BuildInfo.get("date").substring(0, "2026-11-24".length());
  }
}
