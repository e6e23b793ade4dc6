package dev.retrain.command;

import dev.retrain.model.ModelDescription.Versions;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
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
  static String date() throws IOException {
    Properties properties = new Properties();
    try (InputStream in =
        VersionProvider.class.getResourceAsStream("/dev/retrain/version.properties")) {
      properties.load(in);
    }
    return properties.getProperty("date").substring(0, "2026-11-24".length());
  }
}
