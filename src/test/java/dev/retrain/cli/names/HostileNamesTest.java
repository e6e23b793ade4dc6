package dev.retrain.cli.names;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.cli.names.ChildJvm.Ended;
import dev.retrain.util.Json;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command on a data set with {@link HostileNames}; what reaches a terminal or a file. */
class HostileNamesTest {
  private static final String FORMULA_STARTS = "=+-@\t\r\n";

  @TempDir private static Path directory;

  private static final List<List<Object>> COMMANDS = new ArrayList<>();
  private static Ended ended;

  @BeforeAll
  static void runAllCommands() throws Exception {
    HostileNames.write(directory.resolve("images"));
    Files.createDirectories(directory.resolve("images/..dots"));
    Files.writeString(directory.resolve("bad.yaml"), "\"\u001b[31mlr\": 1\n");
    String training =
        "-i images -b scattering --bottleneck-dir cache --iterations 10 --output-labels labels.txt"
            + " -f --no-plots";
    add("train " + training + " -o model.pb --summaries-dir projector --embedding -v");
    add("train " + training + " -o model.pb --summaries-dir logs --print-misclassified");
    add("train " + training + " -o model.pb --summaries-dir logs --print-misclassified --json");
    add("train " + training + " --dry-run");
    add("sweep " + training + " -o sweep.pb --summaries-dir sweep --seed 1,2");
    add("predict model.pb images -v");
    add("predict model.pb images --json");
    add("predict model.pb images --format csv");
    add(
        "evaluate model.pb --bottleneck-dir cache --mistakes 100 --partition all -v"
            + " --predictions predictions.csv --confusion-csv confusion.csv");
    add("evaluate model.pb --bottleneck-dir cache --mistakes 100 --json");
    add("report model.pb --bottleneck-dir cache -o report.html");
    add("export model.pb --to saved_model");
    add("augment -i images --to more --per-class 6 -v");
    add("bottleneck -i images -b scattering --bottleneck-dir cache");
    add("bottleneck export text -i images -b scattering --bottleneck-dir cache");
    add("bottleneck prune --bottleneck-dir cache");
    // Errors: each of them quotes what was typed.
    for (String name : List.of("\u001b[31mred", "a\nb", "\u009b31m", "x\u202ey", "\u007f")) {
      COMMANDS.add(List.of("predict", "model.pb", name));
      COMMANDS.add(List.of("predict", name, "x.png"));
      COMMANDS.add(List.of("train", "-i", name, "-v"));
      COMMANDS.add(List.of("train", "--lr", name));
      COMMANDS.add(List.of("train", "--" + name));
      COMMANDS.add(List.of("evaluate", "model.pb", "-i", name));
      COMMANDS.add(List.of("sweep", "--optimizer", name));
      COMMANDS.add(List.of(name));
    }
    add("train --config bad.yaml");
    ended = new ChildJvm(directory, List.of(), Map.of()).run(COMMANDS);
  }

  private static void add(String command) {
    COMMANDS.add(List.of((Object[]) command.split(" ")));
  }

  @Test
  void validCommandsSucceedAndInvalidOnesFail() {
    Map<String, Integer> codes = new HashMap<>();
    for (int i = 0; i < COMMANDS.size(); i++) {
      codes.put(COMMANDS.get(i).toString(), ended.codes().get(i));
    }
    assertThat(ended.codes().subList(0, 16))
        .as(codes + ended.err())
        .containsExactly(0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(ended.codes().subList(16, ended.codes().size())).doesNotContain(0);
    assertThat(ended.err()).doesNotContain("Internal error");
  }

  /** The characters of a text that could control a terminal. */
  private static List<String> controls(String text) {
    return text.codePoints()
        .filter(
            c ->
                (c < ' ' && c != '\n' && c != '\t')
                    || (c >= 0x7f && c < 0xa0)
                    || (c >= 0x202a && c <= 0x202e)
                    || (c >= 0x2066 && c <= 0x2069)
                    || List.of(0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0xfeff).contains(c))
        .mapToObj(Integer::toHexString)
        .toList();
  }

  @Test
  void noControlCharacterReachesTheTerminal() {
    assertThat(controls(ended.err())).isEmpty();
    assertThat(ended.err())
        .contains("Skipped images/Cat/\\u001b[2Jno\\nimage.png: ")
        .contains("'\\u001b[31mred'");
    // Standard output includes a CSV table, which keeps names; see below.
    assertThat(controls(outside(csvOnStandardOutput()))).isEmpty();
    assertThat(ended.out()).contains("\\u001b[31mred.png", "images/Cat/a\\nb.png");
  }

  private static String csvOnStandardOutput() {
    int from = ended.out().indexOf("path,label_1");
    // What 'evaluate' prints next.
    return ended.out().substring(from, ended.out().indexOf("% accuracy (95%", from));
  }

  private static String outside(String part) {
    return ended.out().replace(part, "");
  }

  @Test
  void onlyTheHiddenFolderIsIgnoredAndLookalikesAreNamed() throws IOException {
    assertThat(Files.readAllLines(directory.resolve("labels.txt")))
        .containsExactlyInAnyOrderElementsOf(HostileNames.CLASSES);
    assertThat(ended.err())
        .contains(
            "The folder '..dots' is hidden, because its name starts with a dot, and is ignored")
        .contains("The class folders 'Cat' and 'cat' differ only by case")
        .contains("differ only by Unicode normalization (NFC and NFD)");
  }

  @Test
  void everyImageIsClassifiedOrReported() {
    List<JsonNode> lines =
        ended.out().lines().filter(line -> line.startsWith("{\"path\"")).map(this::json).toList();
    assertThat(lines)
        .hasSize(
            3 * HostileNames.CLASSES.size()
                + HostileNames.FILES.size()
                + HostileNames.NOT_UTF_8.size()
                + 1);
    assertThat(lines.stream().filter(line -> line.has("error")))
        .singleElement()
        .satisfies(
            line ->
                assertThat(line.get("path").asText())
                    .isEqualTo("images/Cat/\u001b[2Jno\nimage.png"));
    for (String name : HostileNames.FILES) {
      assertThat(lines.stream().map(line -> line.get("path").asText()))
          .contains("images/Cat/" + name + ".png");
    }
  }

  private JsonNode json(String line) {
    try {
      return Json.mapper().readTree(line);
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  private static List<CSVRecord> read(Reader csv) throws IOException {
    try (csv) {
      return CSVFormat.DEFAULT.parse(csv).getRecords();
    }
  }

  static Stream<String> tables() {
    return Stream.of("predictions.csv", "confusion.csv", "sweep/sweep.csv");
  }

  @ParameterizedTest
  @MethodSource("tables")
  void noCellIsFormula(String file) throws IOException {
    List<CSVRecord> rows = read(Files.newBufferedReader(directory.resolve(file)));
    assertThat(rows).isNotEmpty();
    for (CSVRecord row : rows) {
      for (String cell : row) {
        assertThat(cell.isEmpty() || FORMULA_STARTS.indexOf(cell.charAt(0)) < 0).as(cell).isTrue();
      }
    }
  }

  @Test
  void labelsAreRestoredByRemovingTheQuote() throws IOException {
    List<CSVRecord> rows = read(Files.newBufferedReader(directory.resolve("confusion.csv")));
    assertThat(rows.stream().skip(1).map(row -> row.get(0).replaceFirst("^'", "")))
        .containsExactlyElementsOf(Files.readAllLines(directory.resolve("labels.txt")));
  }

  @Test
  void pageHasNoMarkupOfNames() throws IOException {
    String page = Files.readString(directory.resolve("report.html"));
    assertThat(page)
        .doesNotContain("<img src=x", "<script>alert", "\" onmouseover=\"alert")
        .contains("&lt;img src=x onerror=alert(1)&gt;");
  }

  @Test
  void projectorHasOneLinePerImage() throws IOException {
    List<String> lines =
        Files.readAllLines(directory.resolve("projector/train/embedding/metadata.tsv"));
    assertThat(lines).allSatisfy(line -> assertThat(line.split("\t", -1)).hasSize(4));
    assertThat(lines)
        .hasSize(
            1
                + 3 * HostileNames.CLASSES.size()
                + HostileNames.FILES.size()
                + HostileNames.NOT_UTF_8.size());
  }
}
