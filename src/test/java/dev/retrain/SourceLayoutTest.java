package dev.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files stay small, packages stay surveyable, and the library knows no command-line option. */
class SourceLayoutTest {
  private static final Path MAIN = Path.of("src/main/java/dev/retrain");
  private static final int LINES = 300;
  private static final int MEDIAN_LINES = 80;

  /** Files of a package, its package-info not counted. */
  private static final int FILES = 16;

  private static final Pattern COMMENT_OR_STRING =
      Pattern.compile(
          "/\\*.*?\\*/|//[^\\n]*|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"", Pattern.DOTALL);

  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]+");

  @Test
  void noFileIsLong() throws IOException {
    assertThat(lines()).allSatisfy((file, lines) -> assertThat(lines).isLessThanOrEqualTo(LINES));
  }

  @Test
  void mostFilesAreShort() throws IOException {
    List<Integer> sorted = lines().values().stream().sorted().toList();
    assertThat(sorted.get(sorted.size() / 2)).isLessThanOrEqualTo(MEDIAN_LINES);
  }

  @Test
  void noPackageIsCrowded() throws IOException {
    Map<Path, Long> sizes =
        lines().keySet().stream()
            .filter(file -> !file.endsWith("package-info.java"))
            .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
    assertThat(sizes)
        .allSatisfy((directory, files) -> assertThat(files).isLessThanOrEqualTo(FILES));
  }

  @Test
  void everyPackageIsDescribed() throws IOException {
    assertThat(lines().keySet().stream().map(Path::getParent).distinct())
        .allSatisfy(directory -> assertThat(directory.resolve("package-info.java")).exists());
  }

  @Test
  void theLibraryNamesNoOption() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : lines().keySet()) {
      if (file.startsWith(MAIN.resolve("cli")) || file.startsWith(MAIN.resolve("report"))) {
        continue;
      }
      Matcher matcher = COMMENT_OR_STRING.matcher(Files.readString(file));
      while (matcher.find()) {
        if (OPTION.matcher(matcher.group()).find()) {
          found.add(file + ": " + matcher.group());
        }
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void contributingNamesFilesThatExist() throws IOException {
    List<String> named =
        Pattern.compile("`([a-z]+(?:/[a-z]+)*/[A-Z]\\w+)`")
            .matcher(Files.readString(Path.of("CONTRIBUTING.md")))
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(named)
        .hasSizeGreaterThan(20)
        .allSatisfy(
            name ->
                assertThat(
                        Stream.of(MAIN, Path.of("src/test/java/dev/retrain"))
                            .map(root -> root.resolve(name + ".java")))
                    .as(name)
                    .anyMatch(Files::exists));
  }

  private static Map<Path, Integer> lines() throws IOException {
    Map<Path, Integer> lines = new TreeMap<>();
    try (Stream<Path> files = Files.walk(MAIN)) {
      for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
        lines.put(file, Files.readAllLines(file).size());
      }
    }
    return lines;
  }
}
