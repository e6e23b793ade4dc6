package dev.retrain.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.Assumptions;

/** Real data in ../shared/data; tests that need it are skipped if it is missing. */
public final class SharedData {
  private SharedData() {}

  /** A file of the shared data; skips the test if it is missing. */
  public static Path file(String name) {
    Path file = Path.of("..", "shared", "data", name).toAbsolutePath().normalize();
    Assumptions.assumeTrue(Files.isRegularFile(file), () -> file + " is not there");
    return file;
  }

  /**
   * Unpacks the first CIFAR-10 training images of each class.
   *
   * @param directory the directory of the class folders
   * @param perClass number of images per class, at most 5000
   */
  public static void cifar10(Path directory, int perClass) throws IOException {
    Map<String, Integer> counts = new HashMap<>();
    try (InputStream file =
            new BufferedInputStream(Files.newInputStream(file("cifar10-train-jpeg.tar.gz")));
        TarArchiveInputStream tar =
            new TarArchiveInputStream(
                GzipCompressorInputStream.builder().setInputStream(file).get())) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        // train/<class>/<file>
        Path name = Path.of(entry.getName());
        if (entry.isFile()
            && counts.merge(name.getName(1).toString(), 1, Integer::sum) <= perClass) {
          Path target = directory.resolve(name.subpath(1, 3).toString());
          Files.createDirectories(target.getParent());
          Files.copy(tar, target);
        }
      }
    }
  }

  /** A model directory with the MobileNet's published archive in it. */
  public static Path mobileNetDirectory(Path directory) throws IOException {
    Files.createDirectories(directory);
    String archive = "mobilenet_v1_0.25_224_frozen.tgz";
    Files.copy(file(archive), directory.resolve(archive));
    return directory;
  }
}
