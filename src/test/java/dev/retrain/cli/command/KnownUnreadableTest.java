package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.testing.ScatteringTraining;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that could not be read when a model was trained, and {@code evaluate}. */
class KnownUnreadableTest {
  private static final int FILES = 60;

  /** Ten images of each of six classes; 5 of 60 can't be read. */
  @TempDir private Path directory;

  @BeforeEach
  void train() throws IOException {
    Path images = directory.resolve("images");
    SampleImages.write(images, 10, 1, Progress.NONE);
    for (int i = 0; i < 5; i++) {
      Files.writeString(images.resolve("dots/dots_00%d.jpg".formatted(i)), "broken");
    }
    Cli trained = ScatteringTraining.run(directory);
    assertThat(trained.code()).as(trained.err()).isZero();
  }

  private Cli evaluate(Object... more) {
    Object[] arguments = {
      "evaluate", directory.resolve("model.pb"), "--bottleneck-dir", directory.resolve("cache")
    };
    return Cli.run(Stream.of(arguments, more).flatMap(Stream::of).toArray());
  }

  @Test
  void allImagesAreThoseThatCouldBeRead() throws IOException {
    Cli all = evaluate("--partition", "all", "--json");
    assertThat(all.code()).as(all.err()).isZero();
    assertThat(all.json().get("count").asInt()).isEqualTo(FILES - 5);
    Cli text = evaluate("--partition", "all");
    assertThat(text.out() + text.err())
        .contains("Excluded 5 files that could not be read when the model was trained")
        .contains("(dots/dots_000.jpg, dots/dots_001.jpg, ");
    assertThat(evaluate().out()).doesNotContain("could not be read when");
  }

  /** 5 known and 1 new are a tenth; 2 new are more. */
  @Test
  void limitCountsKnownFiles() throws IOException {
    List<Path> readable = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory.resolve("images/rings"))) {
      files.sorted().forEach(readable::add);
    }
    Files.writeString(readable.get(0), "broken, too");
    Cli tenth = evaluate("--partition", "all", "--json");
    assertThat(tenth.code()).as(tenth.err()).isZero();
    assertThat(tenth.json().get("count").asInt()).isEqualTo(FILES - 6);
    Files.writeString(readable.get(1), "broken, too.");
    Cli more = evaluate("--partition", "all", "--json");
    assertThat(more.code()).isEqualTo(1);
    assertThat(more.err()).contains("7 of 60 images can't be read, more than a tenth");
  }
}
