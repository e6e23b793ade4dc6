package dev.retrain.cli.manual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.cli.Retrain;
import dev.retrain.cli.process.Interruption;
import dev.retrain.fetch.DownloadSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Keeps docs/reference/commands.md in step; {@code -Dretrain.write-docs=true} writes it. */
class CommandReferenceTest {
  private static final Path PAGE = Path.of("docs/reference/commands.md");

  @Test
  void committedPageIsUpToDate() throws IOException {
    CommandLine root =
        Retrain.commandLine(new Interruption(), DownloadSources.fromEnvironment(), name -> true);
    String page = CommandReference.render(root);
    if (Boolean.getBoolean("retrain.write-docs")) {
      Files.writeString(PAGE, page);
    }
    assertThat(page)
        .contains("## bottleneck export", "`--lr`, `--learning-rate` `RATE`", "| 130 |")
        .doesNotContain("Default: null", "| null |", "DEFAULT-VALUE");
    assertThat(PAGE).hasContent(page);
  }
}
