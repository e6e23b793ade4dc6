package dev.retrain.util;

import java.nio.file.Path;
import org.apache.commons.io.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Loads SQLite's native library. The driver unpacks it to a file of the temporary directory, which
 * a killed process would leave there for ever; here, the file is deleted once it is loaded.
 */
public final class SqliteLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteLibrary.class);

  /** The driver's setting: where it unpacks the library. */
  private static final String DIRECTORY = "org.sqlite.tmpdir";

  /** The driver's setting: a directory with the library, which is then not unpacked. */
  private static final String INSTALLED = "org.sqlite.lib.path";

  private static boolean loaded;

  private SqliteLibrary() {}

  /**
   * Loads the library, the first time it is called.
   *
   * @throws RetrainException if it can't be unpacked or loaded
   */
  public static synchronized void load() {
    if (loaded) {
      return;
    }
    if (System.getProperty(DIRECTORY) == null && System.getProperty(INSTALLED) == null) {
      unpackAndLoad();
    } else {
      initialize(System.getProperty(DIRECTORY, System.getProperty(INSTALLED)));
    }
    loaded = true;
  }

  private static void unpackAndLoad() {
    Path directory = TemporaryDirectory.create();
    System.setProperty(DIRECTORY, directory.toString());
    try {
      initialize(directory.toString());
    } finally {
      System.clearProperty(DIRECTORY);
      // Windows does not delete a library in use; the driver's own hook does it at the end.
      if (!FileUtils.deleteQuietly(directory.toFile())) {
        LOG.debug("{} can't be deleted", directory);
      }
    }
  }

  private static void initialize(String directory) {
    try {
      SQLiteJDBCLoader.initialize();
    } catch (Exception e) {
      throw new RetrainException(
          e,
          "SQLite's native library can't be unpacked to %s or loaded from it (%s). %s",
          directory,
          ErrorText.firstLine(e),
          TemporaryDirectory.REMEDY);
    }
  }
}
