package dev.retrain.util;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Properties of the build: the version, the date, and the versions of dependencies. */
public final class BuildInfo {
  private static final String RESOURCE = "/dev/retrain/version.properties";

  private BuildInfo() {}

  /** Returns the value of a property, or null if there is none. */
  public static String get(String key) {
    Properties properties = new Properties();
    try (InputStream in = BuildInfo.class.getResourceAsStream(RESOURCE)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty(key);
  }
}
