package dev.retrain.job.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.image.PixelLimit;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PredictJobTest {
  @TempDir private static Path shared;

  @BeforeAll
  static void train() throws IOException {
    Cli cli = Cli.run("quickstart", "--dir", shared, "-q");
    assertThat(cli.code()).as(cli.err()).isZero();
  }

  private static PredictJob job() {
    return new PredictJob(shared.resolve("output_graph.pb"), 1, false, PixelLimit.DEFAULT);
  }

  private static String image(int number) {
    List<String> labels = SampleImages.labels();
    String label = labels.get(number % labels.size());
    return shared
        .resolve("images/%s/%s_%03d.jpg".formatted(label, label, number / labels.size()))
        .toString();
  }

  private static List<Path> paths(List<String> arguments, String stream, char separator)
      throws IOException {
    InputPaths paths =
        new InputPaths(
            arguments,
            new ByteArrayInputStream(stream.getBytes(StandardCharsets.UTF_8)),
            separator);
    List<Path> all = new ArrayList<>();
    for (List<Path> next = paths.next(2); !next.isEmpty(); next = paths.next(2)) {
      assertThat(next.size()).isLessThanOrEqualTo(2);
      all.addAll(next);
    }
    return all;
  }

  private static List<Path> all(String... paths) {
    return List.of(paths).stream().map(Path::of).toList();
  }

  @Test
  void pathsOfTheStreamReplaceItsPlaceholder() throws IOException {
    assertThat(paths(List.of("x", "-", "y"), "a b\n\nc\r\nd", '\n'))
        .isEqualTo(all("x", "a b", "c", "d", "y"));
    assertThat(paths(List.of("-"), "a\nb\0\0c\r\0", '\0')).isEqualTo(all("a\nb", "c\r"));
    assertThat(paths(List.of("-", "-"), "a", '\n')).isEqualTo(all("a"));
    assertThat(paths(List.of("-"), "", '\n')).isEmpty();
    assertThat(paths(List.of("x"), "not read", '\n')).isEqualTo(all("x"));
  }

  @Test
  void invalidPathBecomesAPathThatDoesNotExist() throws IOException {
    assertThat(paths(List.of("-"), "a\0b\n", '\n')).isEqualTo(all("a_b (invalid path)"));
  }

  @Test
  void resultsAreInTheOrderOfThePaths() throws IOException {
    List<String> images = IntStream.range(0, 200).mapToObj(PredictJobTest::image).toList();
    List<String> classified = new ArrayList<>();
    job()
        .run(
            new InputPaths(images, InputStream.nullInputStream(), '\n'),
            results -> {
              results.forEach(
                  result -> {
                    classified.add(result.image().toString());
                    assertThat(result.predictions()).hasSize(1);
                  });
              return true;
            },
            Progress.NONE);
    assertThat(classified).isEqualTo(images);
  }

  /** A writer that waits for each result before it writes the next path must not deadlock. */
  @Test
  @Timeout(120)
  void resultsArePassedOnBeforeWaitingForPaths() throws IOException {
    List<String> classified = new ArrayList<>();
    PipedOutputStream writer = new PipedOutputStream();
    try (PipedInputStream stream = new PipedInputStream(writer)) {
      writePath(writer, 0);
      job()
          .run(
              new InputPaths(List.of("-"), stream, '\n'),
              results -> {
                results.forEach(result -> classified.add(result.image().toString()));
                if (classified.size() == 3) {
                  writer.close();
                } else {
                  writePath(writer, classified.size());
                }
                return true;
              },
              Progress.NONE);
    }
    assertThat(classified).containsExactly(image(0), image(1), image(2));
  }

  private static void writePath(PipedOutputStream writer, int number) throws IOException {
    writer.write((image(number) + "\n").getBytes(StandardCharsets.UTF_8));
    writer.flush();
  }

  @Test
  void consumerCanStopTheJob() throws IOException {
    List<String> images = Collections.nCopies(100_000, image(0));
    InputPaths paths = new InputPaths(images, InputStream.nullInputStream(), '\n');
    job().run(paths, results -> false, Progress.NONE);
    assertThat(paths.ready()).isTrue();
    assertThat(paths.next(1)).hasSize(1);
  }

  @Test
  void cancellationThrowsCancelledException() {
    Progress stopped =
        new Progress() {
          @Override
          public void begin(String stage, String unit, long total) {}

          @Override
          public void advance(long count) {}

          @Override
          public void end() {}

          @Override
          public boolean cancelled() {
            return true;
          }
        };
    assertThatThrownBy(
            () ->
                job()
                    .run(
                        new InputPaths(List.of(image(0)), InputStream.nullInputStream(), '\n'),
                        results -> true,
                        stopped))
        .isInstanceOf(CancelledException.class);
  }
}
