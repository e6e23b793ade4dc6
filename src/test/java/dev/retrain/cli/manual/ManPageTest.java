package dev.retrain.cli.manual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.cli.Cli;
import dev.retrain.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code retrain man}, shown by the readers of such pages. */
class ManPageTest {
  @TempDir private Path directory;
  private Path page;

  @BeforeEach
  void write() throws IOException {
    Cli cli = Cli.run("man");
    assertThat(cli.code()).as(cli.err()).isZero();
    page = Files.writeString(directory.resolve("retrain.1"), cli.out());
  }

  @Test
  void manShowsEveryOptionAndDefault() throws IOException {
    Tool.Ended shown =
        Tool.require("man").run(directory, Map.of("MANWIDTH", "100", "PAGER", "cat"), "-l", page);
    assertThat(shown.code()).isZero();
    String text = shown.out().replaceAll(".\b", "").replaceAll("\\s+", " ");
    assertThat(text)
        .contains("retrain - ")
        .contains("-i, --image-dir=DIR ")
        .contains("Default: data/train.")
        .contains("retrain bottleneck import [OPTIONS] DIR")
        .contains("retrain predict [OPTIONS] MODEL PATH...")
        .contains("retrain.py's")
        .contains("130 interrupted")
        .contains("RETRAIN_SOURCES");
    assertThat(text.split("--config=FILE", -1)).as("documented once, for all commands").hasSize(2);
  }

  @Test
  void groffReportsNoWarnings() throws IOException {
    assertThat(Tool.require("groff").run(directory, "-man", "-ww", "-Tutf8", "-z", page))
        .isEqualTo(new Tool.Ended(0, ""));
  }

  @Test
  void mandocReportsNoWarnings() throws IOException {
    assertThat(Tool.require("mandoc").run(directory, "-T", "lint", "-W", "warning", page))
        .isEqualTo(new Tool.Ended(0, ""));
  }

  @Test
  void jsonContainsTheSamePage() throws IOException {
    assertThat(Cli.run("man", "--json").json().get("page").asText())
        .isEqualTo(Files.readString(page));
  }
}
