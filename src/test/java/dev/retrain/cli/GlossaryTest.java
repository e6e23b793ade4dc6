package dev.retrain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * User-visible text uses the words of the field. Searches help pages, the manual page, string
 * literals, the report's template and the documentation for words that were given up.
 */
class GlossaryTest {
  private static final Path MAIN = Path.of("src/main/java/dev/retrain");
  private static final Path CLI = MAIN.resolve("cli");
  private static final Path REPORT = Path.of("src/main/resources/dev/retrain/report");

  /** Words that were given up, as a regular expression, with what to write instead. */
  private static final Map<String, String> WORDS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("pictures?", "image"),
              Map.entry("deal(t|s|ing)?", "split, assign"),
              Map.entry("told|tells", "predicted, reported, detected"),
              Map.entry("hangs? on", "depends on"),
              Map.entry("c[ao]mes? apart", "diverged"),
              Map.entry("(is|are) none", "is NaN, is not a ..."),
              Map.entry("at hand", "available locally"),
              Map.entry("left out|leaves? out|leaving out", "skipped, excluded"),
              Map.entry("taken for|takes? for", "predicted as"),
              Map.entry("surest", "most confident"),
              Map.entry("counts? more", "overrides"),
              Map.entry("goes on|go on|gone on", "resumes, continues"),
              Map.entry("twins?", "branch, near-duplicate"),
              Map.entry("taken out|takes? out", "deleted"),
              Map.entry("no (image|class|network|backbone) has", "has no"),
              Map.entry("is to be|are to be", "active voice"),
              Map.entry("to be believed", "calibrated"),
              Map.entry("learnt by heart|by heart", "overfitting"),
              Map.entry("beside its|is in the way|stands? below", "plain words"),
              Map.entry("in place of", "instead of"),
              Map.entry("sooner", "earlier"),
              Map.entry("the pace|a trial", "throughput, a sample"),
              Map.entry("filed (as|under)", "cached"),
              Map.entry("networks? of your own|of one's own|(images?|graph) of your own", "your"),
              Map.entry("written over|write over|writes over", "overwritten"),
              Map.entry("unasked", "without --force"),
              Map.entry("\\d %(?=[ .,)]|$)", "74.2% without a space")));

  private static final Pattern PRIVATE =
      Pattern.compile("(?i)(?<![\\w/-])(" + String.join("|", WORDS.keySet()) + ")(?![\\w/-])");

  /** Uses that are correct: SQL and names of tables, Java identifiers, retrain.py's options. */
  private static final Pattern EXCEPTIONS =
      Pattern.compile(
          "(?i)(FROM|INTO|EXISTS|JOIN|TABLE|UPDATE) picture|picture\\.\\w+|`pictures?`");

  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]++|\\\\.)*+)\"");
  private static final Pattern TEXT_BLOCK = Pattern.compile("(?s)\"\"\"(.*?)\"\"\"");
  private static final Pattern COMMENTS =
      Pattern.compile("(?s)/\\*.*?\\*/|(?m)^\\s*//.*$|(?<=[;{}]) //.*$");

  /** Where a private word is, and the text around it. */
  private static List<String> violations(String place, String text) {
    List<String> found = new ArrayList<>();
    String searched = EXCEPTIONS.matcher(text).replaceAll("");
    Matcher matcher = PRIVATE.matcher(searched);
    while (matcher.find()) {
      int start = Math.max(0, matcher.start() - 40);
      int end = Math.min(searched.length(), matcher.end() + 40);
      found.add(
          "%s: '%s' in: ...%s..."
              .formatted(
                  place, matcher.group(), searched.substring(start, end).replace('\n', ' ')));
    }
    return found;
  }

  private static String literals(Path source) throws IOException {
    // Concatenated literals are one text.
    String code =
        COMMENTS.matcher(Files.readString(source)).replaceAll("").replaceAll("\"\\s*\\+\\s*\"", "");
    StringBuilder texts = new StringBuilder();
    TEXT_BLOCK.matcher(code).results().forEach(found -> texts.append(found.group(1)).append('\n'));
    LITERAL
        .matcher(TEXT_BLOCK.matcher(code).replaceAll(""))
        .results()
        .map(found -> found.group(1))
        // A single word is an identifier: a table, key, tensor or option.
        .filter(text -> text.contains(" "))
        .forEach(text -> texts.append(text.replace("\\n", "\n").replace("%%", "%")).append('\n'));
    return texts.toString();
  }

  private static List<String> sources(Path root, boolean cli) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.startsWith(CLI) == cli)
          .sorted()
          .flatMap(file -> inSource(file).stream())
          .toList();
    }
  }

  private static List<String> inSource(Path file) {
    try {
      return violations(file.toString(), literals(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> texts(Path root, String... extensions) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (Stream.of(extensions).anyMatch(file.toString()::endsWith)) {
          found.addAll(violations(file.toString(), Files.readString(file)));
        }
      }
    }
    return found;
  }

  static Stream<String> commands() {
    return RetrainTest.COMMANDS.stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpUsesWordsOfTheGlossary(String command) {
    Cli cli = Cli.run((Object[]) (command + " --help").strip().split(" "));
    assertThat(violations(command, cli.out().replaceAll("\\s+", " "))).isEmpty();
  }

  @Test
  void manPageUsesWordsOfTheGlossary() {
    assertThat(violations("man", Cli.run("man").out().replaceAll("\\s+", " "))).isEmpty();
  }

  @Test
  void messagesOfTheCommandLineUseWordsOfTheGlossary() throws IOException {
    assertThat(sources(CLI, true)).isEmpty();
  }

  @Test
  void messagesOfTheLibraryUseWordsOfTheGlossary() throws IOException {
    assertThat(String.join("\n", sources(MAIN, false))).isEmpty();
  }

  @Test
  void reportUsesWordsOfTheGlossary() throws IOException {
    // Minified libraries of others are not searched.
    List<String> found = new ArrayList<>(texts(REPORT, ".html", ".js", ".peb"));
    found.removeIf(place -> place.contains(".min.js"));
    assertThat(String.join("\n", found)).isEmpty();
  }

  @Test
  void documentationUsesWordsOfTheGlossary() throws IOException {
    List<String> found = new ArrayList<>(texts(Path.of("docs"), ".md"));
    found.addAll(violations("README.md", Files.readString(Path.of("README.md"))));
    assertThat(String.join("\n", found)).isEmpty();
  }
}
