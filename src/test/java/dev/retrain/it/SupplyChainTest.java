package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.testing.Checksums;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the build downloads and runs is what this project recorded. */
class SupplyChainTest {
  private static final Path WORKFLOWS = Path.of(".github", "workflows");

  static List<Path> dependencies() {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Stream.of(classPath.split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .map(Path::of)
        .toList();
  }

  /** Maven 3.9 checks the same file before it uses an artifact; earlier versions ignore it. */
  @ParameterizedTest
  @MethodSource("dependencies")
  void dependencyHasTheRecordedChecksum(Path jar) throws IOException {
    assertThat(Checksums.sha256(jar)).isEqualTo(Checksums.recorded(jar));
  }

  @Test
  void dependenciesAreFound() {
    assertThat(dependencies()).hasSizeGreaterThan(30);
  }

  @Test
  void workflowsPinTheirActionsAndMayOnlyRead() throws IOException {
    try (Stream<Path> files = Files.list(WORKFLOWS)) {
      assertThat(files)
          .isNotEmpty()
          .allSatisfy(
              file -> {
                List<String> lines = Files.readAllLines(file);
                assertThat(lines).containsSequence("permissions:", "  contents: read");
                assertThat(lines).noneMatch(line -> line.matches(".*: *(write|write-all)\\b.*"));
                assertThat(lines.stream().filter(line -> line.contains("uses:")))
                    .isNotEmpty()
                    .allMatch(line -> line.matches(".*uses: [\\w./-]+@[0-9a-f]{40} # v[0-9.]+"));
              });
    }
  }
}
