package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive that {@code mvn verify -Pdist} makes, as its users unpack it. */
class DistributionIT {
  @TempDir Path directory;

  @Test
  void itRunsWhereItIsUnpacked() throws IOException {
    String archive = System.getProperty("retrain.dist");
    Assumptions.assumeTrue(archive != null, "made by -Pdist");
    assertThat(Tool.require("tar").run(directory, "-xzf", archive).code()).isZero();
    Path home;
    try (Stream<Path> list = Files.list(directory)) {
      home = list.findFirst().orElseThrow();
    }
    assertThat(home.resolve("share/man/man1/retrain.1")).content().startsWith(".TH \"RETRAIN\"");
    assertThat(home.resolve("share/bash-completion/completions/retrain"))
        .content()
        .contains("complete -F _complete_retrain");
    assertThat(home.resolve("share/fish/vendor_completions.d/retrain.fish"))
        .content()
        .contains("complete -c retrain");
    Tool.Ended version =
        Tool.require("sh").run(directory, home.resolve("bin/retrain"), "--version");
    assertThat(version.out()).startsWith(home.getFileName().toString().replace('-', ' '));
    assertThat(version.code()).isZero();
  }
}
