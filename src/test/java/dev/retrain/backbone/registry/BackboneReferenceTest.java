package dev.retrain.backbone.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.backbone.registry.BackboneSpec.PublishedGraph;
import dev.retrain.image.Preprocessing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Keeps docs/reference/backbones.md in step; {@code -Dretrain.write-docs=true} writes it. */
class BackboneReferenceTest {
  private static final Path PAGE = Path.of("docs/reference/backbones.md");

  private static final String HEADER =
      """
      # Backbones

      All networks that are known by name, as `models` lists them (`models --json` has the addresses and
      checksums, too). This page is generated. [Choose a backbone](../how-to/choose-a-backbone.md) says
      which one to use.

      The last column says what is compared with a published SHA-256 after a download: the archive, the graph
      in it, or both. Where none is published, a warning is logged, and the structure of the graph is checked.

      | Name | Image size | Vector length: `last` | `multi` | `grid` | Archive | Size | SHA-256 of |
      | --- | --- | --- | --- | --- | --- | --- | --- |
      """;

  private static String render() {
    StringBuilder page = new StringBuilder(HEADER);
    BackboneRegistry.list().forEach(spec -> page.append(row(spec)));
    return page.toString();
  }

  private static String row(BackboneSpec spec) {
    Preprocessing size = spec.preprocessing();
    return String.format(
        Locale.ROOT,
        "| `%s` | %d x %d | %,d | %,d | %,d | %s | %s | %s |%n",
        spec.name(),
        size.height(),
        size.width(),
        spec.last().vectorLength(),
        spec.multi().vectorLength(),
        spec.grid().vectorLength(),
        spec.published().map(graph -> "`" + graph.archive().name() + "`").orElse("built in"),
        spec.published().map(graph -> megabytes(graph.archive().bytes())).orElse(""),
        spec.published().map(BackboneReferenceTest::verified).orElse(""));
  }

  private static String megabytes(OptionalLong bytes) {
    return bytes.isPresent()
        ? String.format(Locale.ROOT, "%.1f MB", bytes.getAsLong() / 1e6)
        : "not published";
  }

  private static String verified(PublishedGraph graph) {
    Optional<String> archive = graph.archive().sha256();
    if (archive.isPresent() && graph.graphSha256().isPresent()) {
      return "archive and graph";
    }
    return archive.isPresent() ? "archive" : graph.graphSha256().isPresent() ? "graph" : "none";
  }

  @Test
  void committedPageIsUpToDate() throws IOException {
    String page = render();
    if (Boolean.getBoolean("retrain.write-docs")) {
      Files.writeString(PAGE, page);
    }
    assertThat(page).contains("| `mobilenet_v1_0.25_224` | 224 x 224 | 256 |");
    assertThat(PAGE).hasContent(page);
  }
}
