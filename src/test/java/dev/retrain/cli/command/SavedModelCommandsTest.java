package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.testing.PythonSavedModels;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command with a SavedModel as the backbone, and with the model that was trained on it. */
class SavedModelCommandsTest {
  private static final String KERAS = "keras3_export";
  private static final int IMAGES = 36;

  @TempDir private static Path directory;
  private static Path images;
  private static PythonSavedModels models;
  private static Path model;
  private static Path exported;

  @BeforeAll
  static void trainAndExport() throws IOException {
    images = directory.resolve("images");
    SampleImages.write(images, IMAGES / 6, 1, Progress.NONE);
    models = PythonSavedModels.write(KERAS + " module_dictionary module_encoded training_mode");
    models.model(KERAS);
    model = train("first", "--saved-model", models.path(KERAS));
    exported = directory.resolve("exported");
    ok("export", model, "--to", exported);
  }

  private static Cli ok(Object... arguments) {
    Cli cli = Cli.run(arguments);
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli;
  }

  private static Object[] concat(Object[] first, Object... second) {
    return Stream.concat(Stream.of(first), Stream.of(second)).toArray();
  }

  private static Object[] outputs(String name) {
    return new Object[] {
      "--image-dir",
      images,
      "--bottleneck-dir",
      directory.resolve("cache"),
      "--iterations",
      30,
      "--output-graph",
      directory.resolve(name + "/graph.pb"),
      "--output-labels",
      directory.resolve(name + "/labels.txt"),
      "--summaries-dir",
      directory.resolve(name + "/logs"),
      "--plots-dir",
      directory.resolve(name),
      "--quiet"
    };
  }

  private static Path train(String name, Object... backbone) {
    ok(concat(concat(new Object[] {"train"}, outputs(name)), backbone));
    return directory.resolve(name + "/graph.pb");
  }

  private static JsonNode backbone(Path graph) throws IOException {
    String json = graph.toString().replace(".pb", ".json");
    return new ObjectMapper().readTree(Path.of(json).toFile()).get("backbone");
  }

  private static Object[] bottleneck(Object... backbone) {
    return concat(
        new Object[] {
          "bottleneck", "--image-dir", images, "--bottleneck-dir", directory.resolve("cache")
        },
        backbone);
  }

  @Test
  void trainedModelPredictsEvaluatesAndReports() throws IOException {
    JsonNode prediction =
        new ObjectMapper()
            .readTree(
                ok("predict", model, images, "--json", "--top", 6)
                    .out()
                    .lines()
                    .findFirst()
                    .orElseThrow());
    assertThat(prediction.get("predictions")).hasSize(6);
    JsonNode evaluated = ok("evaluate", model, "--partition", "all", "--json").json();
    assertThat(evaluated.get("count").asInt()).isEqualTo(IMAGES);
    Path page = directory.resolve("report.html");
    ok("report", model, "--output", page);
    assertThat(page).content().contains("<html").contains(KERAS);
  }

  @Test
  void sweepTrainsOnSavedModels() throws IOException {
    ok(
        concat(
            concat(new Object[] {"sweep"}, outputs("sweep")),
            "--saved-model",
            models.path(KERAS),
            "--lr",
            "0.01,0.1"));
    assertThat(backbone(directory.resolve("sweep/graph.pb"))).isEqualTo(backbone(model));
  }

  /** The graph of the export contains that of the SavedModel. */
  @Test
  void exportIsBackboneWithTheSameFeatures() throws IOException {
    Path second = train("second", "--saved-model", exported);
    assertThat(backbone(second).get("bottlenecks")).isEqualTo(backbone(model).get("bottlenecks"));
    assertThat(backbone(second).get("vector_length")).hasToString("12");
    assertThat(backbone(second).get("inferred").toString()).contains("what enters the last dense");
    // Equal vectors, images, options and seed give equal weights.
    assertThat(ok("predict", second, images, "--json").out())
        .isEqualTo(ok("predict", model, images, "--json").out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--saved-model", "--backbone"})
  void directoriesAndArchivesAreAccepted(String option) throws IOException {
    Path archive = directory.resolve(option.substring(2) + ".tgz");
    pack(models.path(KERAS), archive);
    for (Path path : List.of(models.path(KERAS), archive)) {
      JsonNode result = ok(concat(bottleneck(option, path), "--json")).json();
      assertThat(result.get("reused").asInt()).as(path.toString()).isEqualTo(IMAGES);
      JsonNode plan = ok(concat(bottleneck(option, path), "--dry-run", "--json")).json();
      assertThat(plan.get("cached").asInt()).isEqualTo(IMAGES);
      assertThat(plan.get("inferred")).isEqualTo(backbone(model).get("inferred")).hasSize(2);
      assertThat(ok(concat(bottleneck(option, path), "--dry-run")).out())
          .contains("Features: ", "Range of color values 0,1: the graph rescales");
      assertThat(ok("models", "describe", path).out())
          .contains(path + " is a SavedModel.", "Signature serve\n");
      Cli write = Cli.run("models", "describe", path, "--write");
      assertThat(write.code()).isPositive();
      assertThat(write.err()).contains("retrain.py");
    }
  }

  private static void pack(Path source, Path archive) throws IOException {
    try (OutputStream out = Files.newOutputStream(archive);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new GzipCompressorOutputStream(out));
        Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        TarArchiveEntry entry = new TarArchiveEntry("model/" + source.relativize(file));
        entry.setSize(Files.size(file));
        tar.putArchiveEntry(entry);
        Files.copy(file, tar);
        tar.closeArchiveEntry();
      }
    }
  }

  /** A dry run ends with the message of the run. */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --saved-model module_encoded               | 1 | Set --input to the tensor of decoded images
          --saved-model training_mode                | 1 | depends on the other images of a batch
          --saved-model keras3_export --signature no | 1 | Set --signature to one of: serve
          --backbone keras3_export --signature no    | 1 | Set --signature to one of: serve
          --saved-model keras3_export --input no     | 1 | no operation 'no', which --input refers to
          --saved-model exported --signature serving_default \
                                            | 1 | tensor of decoded images, serving/MapDefun:0, and --size
          --saved-model missing                      | 2 | missing
          --saved-model images                       | 1 | is not a SavedModel
          --saved-model images.tgz                   | 1 | images.tgz
          --graph keras3_export                      | 2 | --saved-model
          --backbone scattering --signature x        | 2 | --signature requires
          """)
  void dryRunRefusesWhatTheRunRefuses(String options, int code, String message) throws IOException {
    Files.write(directory.resolve("images.tgz"), new byte[10]);
    Object[] arguments =
        Stream.of(options.split(" +"))
            .map(word -> word.startsWith("--") || word.length() < 3 ? word : path(word))
            .toArray();
    Cli run = Cli.run(bottleneck(arguments));
    assertThat(run.code()).as(run.err()).isEqualTo(code);
    assertThat(run.err()).contains(message).doesNotContain("Internal error");
    Cli dryRun = Cli.run(concat(bottleneck(arguments), "--dry-run"));
    assertThat(dryRun.err()).isEqualTo(run.err());
    assertThat(dryRun.code()).isEqualTo(code);
  }

  private static Object path(String word) {
    if (word.equals("serving_default") || word.equals("scattering")) {
      return word;
    }
    return word.contains("_") ? models.path(word) : directory.resolve(word);
  }
}
