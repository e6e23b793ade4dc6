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

/** The archive of {@code mvn verify -Pdist}, unpacked. */
class DistributionIT {
  @TempDir private Path directory;

  private Path unpack() throws IOException {
    String archive = System.getProperty("retrain.dist");
    Assumptions.assumeTrue(archive != null, "needs -Pdist");
    assertThat(Tool.require("tar").run(directory, "-xzf", archive).code()).isZero();
    try (Stream<Path> list = Files.list(directory)) {
      return list.findFirst().orElseThrow();
    }
  }

  @Test
  void launcherManualAndCompletionsAreIncluded() throws IOException {
    Path home = unpack();
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

  @Test
  void documentationIsIncludedWithAllItsLinks() throws IOException {
    Path home = unpack();
    assertThat(DocsPage.readAll(home))
        .hasSizeGreaterThan(20)
        .allSatisfy(DocsPage::assertLinksResolve);
  }
}
