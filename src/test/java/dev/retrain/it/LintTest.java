package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.testing.Tool;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Linters for files that are not compiled. */
class LintTest {
  private static final Path PROJECT = Path.of("").toAbsolutePath();

  @Test
  void hadolintAcceptsTheDockerfile() throws IOException {
    assertThat(Tool.require("hadolint").run(PROJECT, "--no-color", "Dockerfile"))
        .isEqualTo(new Tool.Ended(0, ""));
  }

  @Test
  void shellcheckAcceptsTheScripts() throws IOException {
    assertThat(Tool.require("shellcheck").run(PROJECT, "src/main/dist/bin/retrain", ".ci/run"))
        .isEqualTo(new Tool.Ended(0, ""));
  }
}
