package dev.retrain.util;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What the build says of itself: the tool's version and day, and versions of what is in it. */
public final class BuildInfo {
  private static final String RESOURCE = "/dev/retrain/version.properties";

  private BuildInfo() {}

  /**
   * Reads one.
   *
   * @param key its name
   */
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
