package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.testing.PythonClient;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evaluate}. */
public class EvaluateCommandTest {
  private static final int PER_CLASS = 12;
  private static final int IMAGES = 6 * PER_CLASS;

  @TempDir private static Path shared;
  private static JsonNode trained;

  @TempDir private Path directory;
  private Path images;
  private Path cache;
  private Path model;

  /** Few iterations, so that there are mistakes. */
  @BeforeAll
  static void train() throws IOException {
    SampleImages.write(shared.resolve("images"), PER_CLASS, 1, Progress.NONE);
    trained =
        train(
            shared,
            "--image-dir",
            shared.resolve("images"),
            "--bottleneck-dir",
            shared.resolve("cache"),
            "-b",
            "scattering");
  }

  private static JsonNode train(Path to, Object... more) throws IOException {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--iterations",
                3,
                "--lr",
                0.003,
                "--testing-percentage",
                25,
                "--output-graph",
                to.resolve("model.pb"),
                "--output-labels",
                to.resolve("labels.txt"),
                "--summaries-dir",
                to.resolve("logs"),
                "--no-plots",
                "--quiet",
                "--json"));
    arguments.addAll(List.of(more));
    Cli cli = Cli.run(arguments.toArray());
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.json();
  }

  /** A directory of each test's own, in which the model says it was trained. */
  @BeforeEach
  void copy() throws IOException {
    images = directory.resolve("images");
    cache = directory.resolve("cache");
    model = directory.resolve("model.pb");
    PathUtils.copyDirectory(shared.resolve("images"), images);
    Files.copy(shared.resolve("model.pb"), model);
    String json = Files.readString(shared.resolve("model.json"));
    String ours = json.replace(shared.resolve("images").toString(), images.toString());
    assertThat(ours).isNotEqualTo(json);
    Files.writeString(directory.resolve("model.json"), ours);
  }

  private Cli run(Object... more) {
    return Cli.run(
        Stream.of(new Object[] {"evaluate", model, "--bottleneck-dir", cache, "-q"}, more)
            .flatMap(Arrays::stream)
            .toArray());
  }

  private JsonNode evaluate(Object... more) throws IOException {
    Cli cli = run(Stream.concat(Stream.of("--json"), Arrays.stream(more)).toArray());
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.err()).isEmpty();
    return cli.json();
  }

  private List<CSVRecord> predictions(Object... more) throws IOException {
    Path file = directory.resolve("predictions.csv");
    evaluate(Stream.concat(Stream.of("--predictions", file), Arrays.stream(more)).toArray());
    try (CSVParser csv =
        CSVParser.parse(
            file,
            java.nio.charset.StandardCharsets.UTF_8,
            CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get())) {
      return csv.getRecords();
    }
  }

  /** The images of a partition, by {@code class/file}. */
  private List<Path> partition(String name) throws IOException {
    return predictions("--partition", "all").stream()
        .filter(row -> row.get("partition").equals(name))
        .map(row -> Path.of(row.get("path")))
        .toList();
  }

  private static long cached(Path cache) throws IOException {
    return Cli.run("bottleneck", "info", "--bottleneck-dir", cache, "--json")
        .json()
        .at("/backbones/0/vectors")
        .asLong();
  }

  @Test
  void testSetGivesTheMetricsOfTheTraining() throws IOException {
    JsonNode result = evaluate();

    assertThat(result.get("accuracy")).isEqualTo(trained.get("test_accuracy"));
    assertThat(result.get("count")).isEqualTo(trained.get("test_count"));
    assertThat(result.get("loss").asDouble())
        .isCloseTo(trained.get("test_loss").asDouble(), within(1e-5));
    assertThat(result.get("accuracy").asDouble()).isBetween(0.2, 0.99);
    assertThat(result.get("partition").asText()).isEqualTo("test");
    assertThat(result.get("own_directory").asBoolean()).isTrue();
    assertThat(result.get("changed").asBoolean()).isFalse();
    assertThat(result.get("notices")).isEmpty();
  }

  @Test
  void computedVectorsAreCached() throws IOException {
    JsonNode first = evaluate();
    assertThat(cached(cache)).isEqualTo(trained.get("test_count").asLong());
    assertThat(evaluate()).isEqualTo(first);

    // The cache of the training uses the same identity of the backbone.
    Path theirs = directory.resolve("their cache");
    PathUtils.copyDirectory(shared.resolve("cache"), theirs);
    cache = theirs;
    // Other images were in a batch with them: the vectors are the same but for rounding.
    assertClose("their cache", evaluate(), first);
    JsonNode info = Cli.run("bottleneck", "info", "--bottleneck-dir", theirs, "--json").json();
    assertThat(info.get("backbones")).hasSize(1);
    assertThat(info.at("/backbones/0/vectors").asInt()).isEqualTo(IMAGES);
  }

  @Test
  void metricsEqualScikitLearn() throws IOException {
    PythonClient python = PythonClient.require();
    Path csv = directory.resolve("predictions.csv");
    for (String part : List.of("test", "all")) {
      JsonNode ours = evaluate("--partition", part, "--predictions", csv);
      assertSame(ours, python.run("evaluate.py", csv));
    }
    // Classes that no image is of.
    PathUtils.deleteDirectory(images.resolve("dots"));
    PathUtils.deleteDirectory(images.resolve("waves"));
    assertSame(
        evaluate("--partition", "all", "--predictions", csv), python.run("evaluate.py", csv));
  }

  public static void assertSame(JsonNode ours, JsonNode theirs) {
    assertThat(ours.at("/calibration/expected_error").asDouble())
        .isCloseTo(theirs.get("calibration_error").asDouble(), within(1e-6));
    for (Map.Entry<String, JsonNode> figure : theirs.properties()) {
      if (!figure.getKey().equals("calibration_error")) {
        assertClose(figure.getKey(), ours.get(figure.getKey()), figure.getValue());
      }
    }
  }

  private static void assertClose(String name, JsonNode ours, JsonNode theirs) {
    if (theirs.isValueNode()) {
      assertThat(ours.asDouble()).as(name).isCloseTo(theirs.asDouble(), within(1e-6));
    } else if (theirs.isArray()) {
      assertThat(ours).as(name).hasSize(theirs.size());
      for (int i = 0; i < theirs.size(); i++) {
        assertClose(name + "/" + i, ours.get(i), theirs.get(i));
      }
    } else {
      theirs
          .properties()
          .forEach(
              one ->
                  assertClose(name + "/" + one.getKey(), ours.get(one.getKey()), one.getValue()));
    }
  }

  @Test
  void partitionsEqualThoseOfTraining() throws IOException {
    JsonNode data =
        new ObjectMapper().readTree(directory.resolve("model.json").toFile()).get("data");
    for (String part : List.of("training", "validation", "test")) {
      JsonNode result = evaluate("--partition", part);
      assertThat(result.get("count")).isEqualTo(data.get(part));
      assertThat(result.get(part + "_images")).isEqualTo(data.get(part));
      assertThat(result.get("notices")).hasSize(part.equals("test") ? 0 : 1);
    }
    JsonNode all = evaluate("--partition", "all");
    assertThat(all.get("count").asInt()).isEqualTo(IMAGES);
    assertThat(all.at("/notices/0").asText()).contains(data.get("training").asText());
    Cli text = run("--partition", "training");
    assertThat(text.out()).contains("training images of", "Note: ");
  }

  @Test
  void movedTrainingDirectoryIsRecognized() throws IOException {
    JsonNode before = evaluate();
    Path moved = Files.move(images, directory.resolve("moved"));

    JsonNode after = evaluate("--image-dir", moved);

    assertThat(after.get("own_directory").asBoolean()).isTrue();
    for (String same : List.of("count", "accuracy", "loss", "notices", "training_images")) {
      assertThat(after.get(same)).as(same).isEqualTo(before.get(same));
    }
  }

  @Test
  void missingDirectoryIsReported() throws IOException {
    PathUtils.deleteDirectory(images);
    Cli cli = run();
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains(images.toString(), "--image-dir").hasLineCount(1);
  }

  /** Two images of each partition under new names, and two new ones. */
  private Path others() throws IOException {
    Path others = directory.resolve("others");
    for (String part : List.of("training", "validation", "test")) {
      for (Path file : partition(part).stream().limit(2).toList()) {
        String label = file.getParent().getFileName().toString();
        Files.createDirectories(others.resolve(label));
        Files.copy(file, others.resolve(label).resolve(part + " " + file.getFileName()));
      }
    }
    Path news = directory.resolve("news");
    SampleImages.write(news, 1, 77, Progress.NONE);
    Files.createDirectories(others.resolve("rings"));
    Files.createDirectories(others.resolve("waves"));
    Files.copy(news.resolve("rings/rings_000.jpg"), others.resolve("rings/new.jpg"));
    Files.copy(news.resolve("waves/waves_000.jpg"), others.resolve("waves/new.jpg"));
    return others;
  }

  @Test
  void copiesOfSeenImagesAreExcludedInOtherDirectories() throws IOException {
    Path others = others();

    JsonNode result = evaluate("--image-dir", others);

    assertThat(result.get("own_directory").asBoolean()).isFalse();
    assertThat(result.get("count").asInt()).isEqualTo(4);
    assertThat(result.get("training_images").asInt()).isEqualTo(2);
    assertThat(result.get("validation_images").asInt()).isEqualTo(2);
    assertThat(result.get("notices"))
        .anySatisfy(notice -> assertThat(notice.asText()).contains("2 copies"));
    assertThat(evaluate("--image-dir", others, "--partition", "all").get("count").asInt())
        .isEqualTo(8);
    assertThat(predictions("--image-dir", others, "--partition", "training"))
        .extracting(row -> Path.of(row.get("path")).getFileName().toString())
        .hasSize(2)
        .allMatch(name -> name.startsWith("training "));
  }

  @Test
  void seenImagesAreKnownFromTheCache() throws IOException {
    Path others = others();
    evaluate("--partition", "all");
    PathUtils.deleteDirectory(images);

    JsonNode result = evaluate("--image-dir", others);
    assertThat(result.get("count").asInt()).isEqualTo(4);

    cache = directory.resolve("another cache");
    JsonNode blind = evaluate("--image-dir", others);
    assertThat(blind.get("count").asInt()).isEqualTo(8);
    assertThat(blind.get("seen_known").asBoolean()).isFalse();
    assertThat(blind.at("/notices/0").asText()).isNotBlank();
  }

  @Test
  void renamedTrainingImagesAreNotTested() throws IOException {
    List<Path> test = partition("test");
    List<Path> training = partition("training");
    Path victim = test.get(0);
    Path source =
        training.stream()
            .filter(file -> file.getParent().equals(victim.getParent()))
            .findFirst()
            .orElseThrow();
    Files.delete(victim);
    Files.move(source, victim);

    JsonNode result = evaluate();

    assertThat(result.get("changed").asBoolean()).isTrue();
    assertThat(result.get("duplicates").asInt()).isEqualTo(1);
    assertThat(result.get("count").asInt()).isEqualTo(test.size() - 1);
    assertThat(result.get("notices")).hasSize(2);
    assertThat(predictions()).extracting(row -> row.get("path")).doesNotContain(victim.toString());
  }

  @Test
  void augmentedCopiesAndUnknownClassesAreExcluded() throws IOException {
    Path others = directory.resolve("others");
    SampleImages.write(others, 2, 78, Progress.NONE);
    Files.copy(
        others.resolve("dots/dots_000.jpg"), others.resolve("dots/dots_001.jpg_nohash_1.png"));
    Files.move(others.resolve("waves"), others.resolve("Waves"));
    Files.writeString(others.resolve("rings/torn.jpg"), "no image");

    JsonNode result = evaluate("--image-dir", others, "--partition", "test");

    assertThat(result.get("count").asInt()).isEqualTo(10);
    assertThat(result.get("copies").asInt()).isEqualTo(1);
    assertThat(result.at("/unknown_classes/Waves").asInt()).isEqualTo(2);
    assertThat(result.at("/skipped_images/0/path").asText()).endsWith("torn.jpg");
    assertThat(result.get("notices").toString()).contains("'Waves'");
    assertThat(result.get("classes")).hasSize(6);
    assertThat(result.get("missing_classes")).extracting(JsonNode::asText).containsExactly("waves");
    Cli strict = run("--image-dir", others, "--strict");
    assertThat(strict.code()).isEqualTo(1);

    for (Path folder : List.of(others, directory.resolve("empty"))) {
      Files.createDirectories(folder);
      PathUtils.deleteDirectory(folder);
      Files.createDirectories(folder.resolve("tiger"));
      Cli none = run("--image-dir", folder);
      assertThat(none.code()).isEqualTo(1);
      assertThat(none.err()).contains("checks, dots, rings").hasLineCount(1);
    }
  }

  @Test
  void neededFilesAreNotOverwritten() throws IOException {
    Path image = images.resolve("dots/dots_000.jpg");
    Path link = Files.createSymbolicLink(directory.resolve("link.csv"), model);
    Path csv = directory.resolve("a.csv");
    List<Object[]> wrong =
        List.of(
            new Object[] {"evaluate", "--predictions", model},
            new Object[] {"evaluate", "--confusion-csv", directory.resolve("model.json")},
            new Object[] {"evaluate", "--predictions", link},
            new Object[] {"evaluate", "--confusion-png", image},
            new Object[] {"evaluate", "--predictions", images.resolve("new.csv")},
            new Object[] {"evaluate", "--predictions", csv, "--confusion-csv", csv},
            new Object[] {"report", "--output", model},
            new Object[] {"report", "--output", image});
    byte[] graph = Files.readAllBytes(model);
    byte[] content = Files.readAllBytes(image);
    for (Object[] arguments : wrong) {
      List<Object> all = new ArrayList<>(List.of(arguments));
      all.addAll(1, List.of(model, "--bottleneck-dir", cache, "-q"));
      Cli cli = Cli.run(all.toArray());
      assertThat(cli.code()).as(all.toString()).isEqualTo(2);
      assertThat(cli.err()).contains(all.get(all.size() - 2).toString()).hasLineCount(2);
    }
    assertThat(model).hasBinaryContent(graph);
    assertThat(image).hasBinaryContent(content);
    assertThat(csv).doesNotExist();
  }

  @Test
  void predictionsUseTheModelsLabelOrder() throws IOException {
    // 'another' comes first here, and shifts every class.
    Path others = directory.resolve("others");
    SampleImages.write(others, 3, 79, Progress.NONE);
    Files.createDirectories(others.resolve("another"));
    Files.copy(others.resolve("dots/dots_000.jpg"), others.resolve("another/x.jpg"));
    PathUtils.deleteDirectory(others.resolve("checks"));

    Map<String, Long> counts =
        predictions("--image-dir", others).stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.get("actual"), TreeMap::new, Collectors.counting()));

    assertThat(counts)
        .isEqualTo(Map.of("dots", 3L, "rings", 3L, "stripes", 3L, "triangles", 3L, "waves", 3L));
    for (CSVRecord row : predictions("--image-dir", others)) {
      assertThat(Path.of(row.get("path")).getParent().getFileName()).hasToString(row.get("actual"));
    }
  }

  @Test
  void textContainsMetricsConfusionAndMistakes() throws IOException {
    Path png = directory.resolve("confusion.png");
    Path csv = directory.resolve("confusion.csv");
    Cli cli =
        run("--partition", "all", "--mistakes", 3, "--confusion-png", png, "--confusion-csv", csv);
    assertThat(cli.code()).isZero();
    JsonNode json = evaluate("--partition", "all", "--mistakes", 3);
    List<String> lines = cli.out().lines().toList();
    assertThat(lines.get(0)).matches("[\\d.]+% accuracy \\(.* [\\d.]+% to [\\d.]+%\\) on 72 .*");
    assertThat(cli.out()).contains("macro average", "weighted average");
    assertThat(json.get("mistakes")).hasSize(3);
    for (JsonNode mistake : json.get("mistakes")) {
      assertThat(cli.out()).contains(mistake.get("path").asText() + ": ");
    }
    int header = lines.indexOf(lines.stream().filter(l -> l.startsWith("Actual")).findAny().get());
    for (int row = 0; row < 6; row++) {
      List<String> cells = List.of(lines.get(header + 1 + row).split(" +"));
      assertThat(cells.subList(1, 7))
          .isEqualTo(
              Stream.of(new ObjectMapper().convertValue(json.at("/confusion/" + row), int[].class))
                  .flatMapToInt(Arrays::stream)
                  .mapToObj(Integer::toString)
                  .toList());
      assertThat(lines.get(header + 1 + row)).hasSameSizeAs(lines.get(header));
    }
    assertThat(javax.imageio.ImageIO.read(png.toFile()).getWidth()).isGreaterThan(600);
    assertThat(csv).content().startsWith("actual,checks,dots,rings,").hasLineCount(7);
  }

  @Test
  void modelOfVectorsIsEvaluatedOnVectors() throws IOException {
    Path text = directory.resolve("text");
    Cli export =
        Cli.run(
            "bottleneck",
            "export",
            text,
            "-i",
            shared.resolve("images"),
            "--bottleneck-dir",
            shared.resolve("cache"),
            "-b",
            "scattering",
            "-q");
    assertThat(export.code()).as(export.err()).isZero();
    JsonNode vectors = train(directory.resolve("vectors"), "--vectors", text);
    model = directory.resolve("vectors/model.pb");

    JsonNode result = evaluate();
    assertThat(result.get("accuracy")).isEqualTo(vectors.get("test_accuracy"));
    assertThat(result.get("count")).isEqualTo(vectors.get("test_count"));
    assertThat(result.get("notices")).isEmpty();
    assertThat(cache).doesNotExist();

    Path moved = directory.resolve("moved");
    PathUtils.copyDirectory(text, moved);
    assertThat(evaluate("--vectors", moved).get("accuracy")).isEqualTo(result.get("accuracy"));
    try (Stream<Path> files = Files.list(moved.resolve("dots"))) {
      Files.delete(files.sorted().findFirst().orElseThrow());
    }
    JsonNode part = evaluate("--vectors", moved, "--partition", "all");
    assertThat(part.get("own_directory").asBoolean()).isFalse();
    assertThat(part.get("count").asInt()).isEqualTo(IMAGES - 1);
    assertThat(part.get("training_images").asInt()).isPositive();

    Cli wrong = run("--image-dir", images);
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.err()).contains(model.toString());
    model = directory.resolve("model.pb");
    Cli other = run("--vectors", text);
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).contains(model.toString());
  }

  @Test
  void modelWithoutSplitIsRejected() throws IOException {
    Path description = directory.resolve("model.json");
    String json = Files.readString(description);
    Files.writeString(description, json.replace("\"split\"", "\"parted\""));
    Cli cli = run();
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).startsWith("retrain: ").hasLineCount(1);
  }
}
