package dev.retrain.cli.names;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.cli.names.ChildJvm.Ended;
import dev.retrain.model.ModelFiles;
import dev.retrain.model.ModelWriter;
import dev.retrain.testing.SampleModel;
import dev.retrain.testing.TestImages;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names outside of ASCII with {@code LC_ALL=C}, the locale of cron jobs and many containers. */
class AsciiLocaleTest {
  private static final List<String> CLASSES = List.of("\u732b", "\u72ac", "\u8239");

  @TempDir private static Path directory;
  private static Ended ended;

  @BeforeAll
  static void run() throws Exception {
    Assumptions.assumeTrue(File.separatorChar == '/', "Windows has Unicode file names");
    for (String label : CLASSES) {
      image(directory.resolve("images").resolve(label).resolve("0.png"));
      image(directory.resolve("ascii").resolve("class" + CLASSES.indexOf(label) + "/0.png"));
    }
    image(directory.resolve("ascii/class0/\u732b.png"));
    ModelWriter.write(
        new ModelFiles(directory.resolve("model.pb"), directory.resolve("labels.txt")),
        SampleModel.model("final_result"));
    String outputs = " -b scattering --bottleneck-dir cache -o o/m.pb --output-labels o/l.txt";
    ended =
        new ChildJvm(directory, List.of(), Map.of("LC_ALL", "C"))
            .run(
                List.of(
                    words("train -i images" + outputs),
                    words("train -i images --dry-run" + outputs),
                    words("train -i ascii" + outputs),
                    words("augment -i images --to more"),
                    words("bottleneck -i images -b scattering --bottleneck-dir cache"),
                    words("predict model.pb images/\ufffd\ufffd\ufffd/0.png"),
                    words("train -i \ufffd\ufffd\ufffd"),
                    words("predict model.pb images --json"),
                    words("--version")));
  }

  private static List<Object> words(String command) {
    return List.of((Object[]) command.split(" "));
  }

  private static void image(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, TestImages.file(TestImages.noise(24, 24, 1), "png"));
  }

  @Test
  void namesOutsideOfAsciiAreRefusedWithTheRemedy() {
    assertThat(ended.codes()).containsExactly(1, 1, 1, 1, 1, 2, 2, 0, 0);
    List<String> errors = ended.err().lines().filter(l -> l.startsWith("retrain: ")).toList();
    assertThat(errors)
        .hasSize(7)
        .allSatisfy(line -> assertThat(line).contains("ANSI_X3.4-1968", "LC_ALL", "C.UTF-8"));
    // The first folder in the order of names.
    assertThat(errors.get(0)).contains("class folder '%E7%8", "percent-encoded");
    assertThat(errors.get(2)).contains("file name '%E7%8C%AB.png'");
  }

  @Test
  void nothingIsComputed() {
    assertThat(directory.resolve("o/m.pb")).doesNotExist();
    assertThat(directory.resolve("cache")).doesNotExist();
    assertThat(directory.resolve("more")).doesNotExist();
  }

  @Test
  void filesBelowDirectoryAreClassifiedWhateverTheirNames() {
    assertThat(ended.out().lines().filter(line -> line.contains("\"predictions\"")))
        .hasSize(CLASSES.size());
  }
}
