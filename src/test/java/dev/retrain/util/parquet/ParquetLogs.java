package dev.retrain.util.parquet;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** The library logs every page, which is more than a test's log should have. */
final class ParquetLogs {
  private ParquetLogs() {}

  static void silence() {
    ((Logger) LoggerFactory.getLogger("org.apache.parquet")).setLevel(Level.INFO);
  }
}
