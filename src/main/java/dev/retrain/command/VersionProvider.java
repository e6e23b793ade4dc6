package dev.retrain.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Versions of the tool, TensorFlow and Java, told without loading TensorFlow. */
final class VersionProvider implements IVersionProvider {
  private static final String RESOURCE = "/dev/retrain/version.properties";

  @Override
  public String[] getVersion() throws IOException {
    return new String[] {
      "retrain " + retrain(), "TensorFlow " + tensorFlow(), "Java " + Runtime.version()
    };
  }

  static String retrain() throws IOException {
    return read("version");
  }

  static String tensorFlow() throws IOException {
    return read("tensorflow");
  }

  /** The version's day, such as 2026-11-24. */
  static String date() throws IOException {
    return read("date").substring(0, "2026-11-24".length());
  }

  private static String read(String key) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = VersionProvider.class.getResourceAsStream(RESOURCE)) {
      properties.load(in);
    }
    return properties.getProperty(key);
  }
}
