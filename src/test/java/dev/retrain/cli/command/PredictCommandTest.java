package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.model.ImageClassifier;
import dev.retrain.model.ImageClassifier.Prediction;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code predict}. */
class PredictCommandTest {
  /** More than a few batches. */
  private static final int PER_CLASS = 25;

  @TempDir private static Path shared;
  @TempDir private Path directory;

  @BeforeAll
  static void train() throws IOException {
    SampleImages.write(shared.resolve("images"), PER_CLASS, 1, Progress.NONE);
    Cli cli =
        Cli.run(
            "train",
            "-i",
            shared.resolve("images"),
            "-b",
            "scattering",
            "--iterations",
            50,
            "-o",
            shared.resolve("model.pb"),
            "--output-labels",
            shared.resolve("labels.txt"),
            "--summaries-dir",
            shared.resolve("logs"),
            "--bottleneck-dir",
            shared.resolve("cache"),
            "--no-plots",
            "-q");
    assertThat(cli.code()).as(cli.err()).isZero();
  }

  private static Cli predict(Object... more) {
    return Cli.run(
        Stream.of(new Object[] {"predict", shared.resolve("model.pb")}, more)
            .flatMap(Arrays::stream)
            .toArray());
  }

  private static List<JsonNode> lines(Cli cli) throws IOException {
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : cli.out().lines().toList()) {
      nodes.add(new ObjectMapper().readTree(line));
    }
    return nodes;
  }

  private static List<CSVRecord> csv(Cli cli) throws IOException {
    try (CSVParser parser =
        CSVParser.parse(
            cli.out(), CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get())) {
      return parser.getRecords();
    }
  }

  private static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void directoryIsExpandedSortedByName() throws Exception {
    Cli cli = predict(shared.resolve("images"), "--json", "--top", 6);
    assertThat(cli.code()).isZero();
    assertThat(cli.err()).isEmpty();
    List<Path> files = sorted(shared.resolve("images"));
    List<JsonNode> lines = lines(cli);
    assertThat(lines).hasSize(6 * PER_CLASS);
    try (ImageClassifier model = ImageClassifier.load(shared.resolve("model.pb"))) {
      for (int i = 0; i < files.size(); i++) {
        assertThat(lines.get(i).get("path").asText()).isEqualTo(files.get(i).toString());
        JsonNode predictions = lines.get(i).get("predictions");
        assertThat(predictions).hasSize(6);
        List<Prediction> expected = model.classify(Files.readAllBytes(files.get(i)));
        for (int rank = 0; rank < 6; rank++) {
          assertThat(predictions.get(rank).get("probability").asDouble())
              .isCloseTo(expected.get(rank).probability(), within(1e-5));
        }
        assertThat(predictions.get(0).get("label").asText()).isEqualTo(expected.get(0).label());
      }
    }
  }

  @Test
  void unreadableImagesKeepTheirPlaceAndExitCodeIsOne() throws IOException {
    Path good = shared.resolve("images/dots/dots_003.jpg");
    Path text = Files.writeString(directory.resolve("notes.txt"), "no image");
    Path none = directory.resolve("none.jpg");
    Cli cli = predict(good, text, none, good, "--json");
    assertThat(cli.code()).isEqualTo(1);
    List<JsonNode> lines = lines(cli);
    assertThat(lines).hasSize(4);
    assertThat(lines.get(3).get("path")).isEqualTo(lines.get(0).get("path"));
    assertThat(lines.get(3).at("/predictions/0/label").asText()).isEqualTo("dots");
    assertThat(lines.get(1).get("error").asText()).isNotBlank();
    assertThat(lines.get(1).has("predictions")).isFalse();
    assertThat(lines.get(2).get("path").asText()).isEqualTo(none.toString());
    assertThat(lines.get(2).get("error").asText()).isNotBlank();
    assertThat(cli.err().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith(text + ": ").endsWith("."),
            line -> assertThat(line).startsWith(none + ": ").endsWith("."));

    Cli asText = predict(text, good);
    assertThat(asText.code()).isEqualTo(1);
    assertThat(asText.out()).startsWith(good.toString()).contains("%  dots").hasLineCount(6);
  }

  @Test
  void csvEscapesAnyFileName() throws IOException {
    List<String> names =
        List.of(
            "a,b.jpg", "say \"c\".jpg", "line\nfeed.jpg", " space .jpg", "Löwe 蒲公英.jpg", "#.jpg");
    List<Object> arguments = new ArrayList<>();
    for (String name : names) {
      arguments.add(
          Files.copy(shared.resolve("images/rings/rings_001.jpg"), directory.resolve(name)));
    }
    Path none = directory.resolve("none,\"there\".jpg");
    arguments.add(none);
    arguments.addAll(List.of("--format", "csv", "--top", 2));
    Cli cli = predict(arguments.toArray());
    assertThat(cli.code()).isEqualTo(1);
    List<CSVRecord> rows = csv(cli);
    assertThat(rows).hasSize(names.size() + 1);
    assertThat(rows.get(0).getParser().getHeaderNames())
        .containsExactly("path", "label_1", "probability_1", "label_2", "probability_2", "error");
    for (int i = 0; i < names.size(); i++) {
      assertThat(rows.get(i).get("path")).isEqualTo(directory.resolve(names.get(i)).toString());
      assertThat(rows.get(i).get("label_1")).isEqualTo("rings");
      assertThat(rows.get(i).get("error")).isEmpty();
      assertThat(Double.parseDouble(rows.get(i).get("probability_1")))
          .isGreaterThan(Double.parseDouble(rows.get(i).get("probability_2")));
    }
    CSVRecord last = rows.get(names.size());
    assertThat(last.get("path")).isEqualTo(none.toString());
    assertThat(last.get("label_1")).isEmpty();
    assertThat(last.get("error")).isNotBlank();
  }

  @Test
  void topAboveClassCountLeavesEmptyColumns() throws IOException {
    CSVRecord row =
        csv(predict(shared.resolve("images/dots/dots_003.jpg"), "--format", "csv", "--top", 8))
            .get(0);
    assertThat(row.get("label_6")).isNotEmpty();
    assertThat(row.get("label_7")).isEmpty();
    assertThat(row.size()).isEqualTo(2 * 8 + 2);
  }

  @Test
  void hiddenFilesAndCyclesAreSkipped() throws IOException {
    Path image = shared.resolve("images/dots/dots_003.jpg");
    for (String name : List.of("b/2.jpg", "b/1.jpg", "a.jpg", "c/d/e.jpg", ".hidden/x.jpg")) {
      Files.createDirectories(directory.resolve(name).getParent());
      Files.copy(image, directory.resolve(name));
    }
    Files.writeString(directory.resolve("b/Thumbs.db"), "litter");
    Files.createDirectories(directory.resolve("empty"));
    Files.createSymbolicLink(directory.resolve("c/up"), directory);
    Cli cli = predict(directory, image, "--format", "csv", "--top", 1);
    assertThat(cli.code()).isEqualTo(1);
    assertThat(csv(cli))
        .extracting(row -> row.get("path"))
        .containsExactly(
            directory.resolve("a.jpg").toString(),
            directory.resolve("b/1.jpg").toString(),
            directory.resolve("b/2.jpg").toString(),
            directory.resolve("c/d/e.jpg").toString(),
            directory.resolve("c/up").toString(),
            image.toString());
    assertThat(cli.err()).contains(directory.resolve("c/up").toString()).hasLineCount(1);
  }

  @Test
  void socketIsReportedAsUnreadable() throws IOException {
    Path image = directory.resolve("a.jpg");
    Files.copy(shared.resolve("images/dots/dots_003.jpg"), image);
    Path socket = directory.resolve("b.jpg");
    try (ServerSocketChannel open = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      open.bind(UnixDomainSocketAddress.of(socket));
      Files.createSymbolicLink(directory.resolve("c.jpg"), Path.of("c.jpg"));
      Cli cli = predict(directory, "--format", "csv", "--top", 1);
      assertThat(cli.code()).isEqualTo(1);
      assertThat(csv(cli)).hasSize(3);
      assertThat(cli.err().lines())
          .satisfiesExactly(
              line -> assertThat(line).startsWith(socket + ": ").doesNotContain("java.nio"),
              line -> assertThat(line).doesNotContain("java.nio"));
    }
  }

  /** The image would be taken for the model. */
  @Test
  void missingModelIsNamed() {
    Path image = shared.resolve("images/dots/dots_003.jpg");
    for (Object[] arguments : new Object[][] {{image}, {image, image}, {shared, image}}) {
      Object[] words = new Object[arguments.length + 1];
      words[0] = "predict";
      System.arraycopy(arguments, 0, words, 1, arguments.length);
      Cli cli = Cli.run(words);
      assertThat(cli.code()).as(cli.err()).isEqualTo(2);
      assertThat(cli.err())
          .containsPattern("the graph that (the training|'train') wrote")
          .doesNotContain("'PATH'");
      assertThat(cli.err().lines().findFirst())
          .hasValueSatisfying(
              line -> {
                assertThat(line).contains(arguments[0].toString());
              });
    }
    assertThat(Cli.run("predict", image).err())
        .contains("such as 'retrain predict tmp/output_graph.pb " + image + "'");
    assertThat(Cli.run("predict", image, image).err()).contains("MODEL " + image + " is an image");
  }

  @Test
  void emptyDirectoryIsAnError() throws IOException {
    Cli cli = predict(directory);
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err()).contains(directory.toString());
  }

  @Test
  void manyUnreadableImagesDoNotStopTheOthers() throws IOException {
    Path broken = Files.write(directory.resolve("empty.jpg"), new byte[0]);
    List<Object> arguments = new ArrayList<>(Collections.nCopies(70, broken));
    arguments.add(shared.resolve("images/dots/dots_003.jpg"));
    Cli cli = predict(arguments.toArray());
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.out()).contains("%  dots");
    assertThat(cli.err()).hasLineCount(70);
  }
}
