package dev.retrain.image.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.image.PixelLimit;
import dev.retrain.image.RgbImage;
import dev.retrain.image.UnreadableImageException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Randomly damaged files of every format: each is an image or has one reason, in this process, and
 * in another one with little memory.
 *
 * <p>{@code -Pfuzz}, or {@code -Dretrain.fuzz.rounds=N}, damages N files of each format.
 */
class DamagedImagesTest {
  private static final int ROUNDS = Integer.getInteger("retrain.fuzz.rounds", 400);
  private static final int PROCESS_ROUNDS = Math.max(40, ROUNDS / 10);
  private static final long SEED = 14;

  @ParameterizedTest
  @ValueSource(strings = {"JPEG", "PNG", "GIF", "BMP", "WebP", "TIFF"})
  void damagedFileIsAnImageOrUnreadable(String format) throws Exception {
    List<byte[]> originals = ImageMutations.originals().get(format);
    Random random = new Random(SEED);
    int images = 0;
    int unreadable = 0;
    try (RgbDecoder decoder = new RgbDecoder(new PixelLimit(4_000_000))) {
      for (byte[] original : originals) {
        assertThat(decoder.decode(original).width()).isPositive();
      }
      for (int round = 0; round < ROUNDS; round++) {
        byte[] file = ImageMutations.mutate(originals, random);
        try {
          RgbImage image = decoder.decode(file);
          assertThat((long) image.width() * image.height()).isBetween(1L, 4_000_000L);
          images++;
        } catch (UnreadableImageException e) {
          assertThat(e).message().isNotBlank().doesNotContain("null", "{{", "\n", "java.");
          unreadable++;
        } catch (RuntimeException | Error e) {
          throw new AssertionError("round %d of %s".formatted(round, format), e);
        }
      }
    }
    // Neither all nor none: the damage is neither fatal nor harmless.
    assertThat(images).isGreaterThan(ROUNDS / 100);
    assertThat(unreadable).isGreaterThan(ROUNDS / 100);
  }

  @Test
  void processWithLittleMemoryEndsNormally(@TempDir Path directory) throws Exception {
    int count = 0;
    for (Map.Entry<String, List<byte[]>> format : ImageMutations.originals().entrySet()) {
      Random random = new Random(SEED + 1);
      for (int round = 0; round < PROCESS_ROUNDS; round++) {
        Files.write(
            directory.resolve("%s-%05d".formatted(format.getKey(), round)),
            ImageMutations.mutate(format.getValue(), random));
        count++;
      }
    }
    Path log = directory.resolveSibling(directory.getFileName() + ".log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                DamagedImagesTest.class.getName(),
                directory.toString())
            .redirectError(log.toFile())
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    try {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(log)).isZero();
      assertThat(out.strip()).isEqualTo("%d files".formatted(count));
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(log);
    }
  }

  /** Decodes all files of a directory with the default limit; any exception ends the process. */
  public static void main(String[] arguments) throws IOException {
    int count = 0;
    try (RgbDecoder decoder = new RgbDecoder(PixelLimit.DEFAULT);
        var files = Files.list(Path.of(arguments[0]))) {
      for (Path file : files.sorted().toList()) {
        try {
          decoder.decode(Files.readAllBytes(file));
        } catch (UnreadableImageException e) {
          // Expected.
        } catch (RuntimeException | Error e) {
          throw new IllegalStateException(file.toString(), e);
        }
        count++;
      }
    }
    System.out.println(count + " files");
  }
}
