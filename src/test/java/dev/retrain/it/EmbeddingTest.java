package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tool as a library. */
class EmbeddingTest {
  private static final String INDENT = "    ";

  @TempDir private Path directory;

  /** The README's program. */
  private static String program() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("README.md"));
    StringWriter program = new StringWriter();
    lines.stream()
        .dropWhile(line -> !line.equals("## From Java"))
        .dropWhile(line -> !line.startsWith(INDENT))
        .takeWhile(line -> line.isEmpty() || line.startsWith(INDENT))
        .forEach(line -> program.append(line.isEmpty() ? "" : line.substring(4)).append('\n'));
    return program.toString();
  }

  @Test
  void theReadmesProgramTrainsAndClassifies() throws Exception {
    Path source = Files.writeString(directory.resolve("Classify.java"), program());
    compile(source);

    SampleImages.write(directory.resolve("photos"), 30, 1, Progress.NONE);
    SampleImages.write(directory.resolve("new"), 1, 2, Progress.NONE);
    String label = SampleImages.labels().get(2);
    Files.copy(
        directory.resolve("new/%s/%s_000.jpg".formatted(label, label)),
        directory.resolve("some.jpg"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true",
                "-cp",
                directory
                    + System.getProperty("path.separator")
                    + System.getProperty("java.class.path"),
                "Classify")
            .directory(directory.toFile())
            .redirectError(directory.resolve("err").toFile())
            .start();
    List<String> out =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).as(Files.readString(directory.resolve("err"))).isZero();
    assertThat(Double.parseDouble(out.get(out.size() - 2))).isBetween(0.7, 1.0);
    assertThat(out.get(out.size() - 1)).isEqualTo(label);
  }

  private void compile(Path source) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      List<String> options =
          List.of("-Xlint:all", "-Werror", "-proc:none", "-d", directory.toString());
      boolean compiled =
          compiler
              .getTask(said, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as(said.toString()).isTrue();
    }
  }

  @Test
  void everyPackageSaysWhatItIsFor() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".java")).map(Path::getParent))
          .isNotEmpty()
          .allSatisfy(folder -> assertThat(folder.resolve("package-info.java")).exists());
    }
  }
}
