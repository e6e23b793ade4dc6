package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large directories fit into 256 MB of Java's memory; the files are hard links to a few images. */
class MemoryIT {
  @TempDir private Path directory;

  private void write(int classes, int perClass) throws IOException {
    List<Path> originals = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      byte[] image = TestImages.file(TestImages.noise(16, 16, i), "png");
      originals.add(Files.write(directory.resolve(i + ".png"), image));
    }
    for (int label = 0; label < classes; label++) {
      Path folder =
          Files.createDirectories(directory.resolve("images/class_%05d".formatted(label)));
      for (int i = 0; i < perClass; i++) {
        Files.createLink(
            folder.resolve("image_with_a_name_%06d.png".formatted(i)), originals.get(i % 5));
      }
    }
  }

  private RetrainJar.Result plan() throws Exception {
    return new RetrainJar(directory)
        .run(
            new RetrainJar(directory)
                .command(
                    RetrainJar.java(),
                    List.of("-Xmx256m"),
                    "train",
                    "-i",
                    "images",
                    "-b",
                    "scattering",
                    "--dry-run",
                    "--json"));
  }

  @Test
  void hundredThousandFilesInOneClass() throws Exception {
    write(1, 100_000);
    Path other = Files.createDirectory(directory.resolve("images/other"));
    for (int i = 0; i < 5; i++) {
      Files.createLink(other.resolve(i + ".png"), directory.resolve(i + ".png"));
    }
    RetrainJar.Result result = plan();
    assertThat(result.code()).as(result.err()).isZero();
    int files = 0;
    for (String set : List.of("training", "validation", "test")) {
      files += result.json().at("/classes/0/" + set).asInt();
    }
    assertThat(files).as(result.out()).isEqualTo(100_000);
  }

  @Test
  void tenThousandClasses() throws Exception {
    write(10_000, 3);
    RetrainJar.Result result = plan();
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().get("classes")).hasSize(10_000);
  }
}
