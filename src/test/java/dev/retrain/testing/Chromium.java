package dev.retrain.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The browser for tests of reports: the one that RETRAIN_CHROMIUM specifies, or {@code chromium} on
 * the path. Without a browser, tests are skipped, or fail if CI=true.
 */
public final class Chromium {
  private Chromium() {}

  /** The browser; skips the test if there is none. */
  public static Path require() {
    Optional<Path> found =
        Stream.concat(
                Stream.ofNullable(System.getenv("RETRAIN_CHROMIUM")).map(Path::of),
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .map(directory -> Path.of(directory, "chromium")))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isEmpty()) {
      String message = "there is no chromium on the path, and none named by RETRAIN_CHROMIUM";
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(message);
      }
      Assumptions.abort(message);
    }
    return found.get();
  }
}
