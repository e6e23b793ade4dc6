package dev.retrain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No message says "1 images": numbers of things are formatted by {@code Counted}. */
class PluralsTest {
  private static final Pattern LITERALS =
      Pattern.compile("\"(?:\\\\.|[^\"\\\\\\n])*\"(?:\\s*\\+\\s*\"(?:\\\\.|[^\"\\\\\\n])*\")*");

  /** A number and a noun in the plural; "1 of 3 images" is right. */
  private static final Pattern PLURAL =
      Pattern.compile(
          "(?<!of )(?:%,?d|\\{\\}) (?:[a-z]+ )?(images|files|classes|vectors|copies|trainings"
              + "|originals|seconds|folders|outputs|numbers|backbones|runs|bins|class folders)\\b");

  /** Numbers that are never 1. */
  private static final Set<String> CONSTANT =
      Set.of(
          "it contains more than %,d images",
          "it has %,d files named %s",
          "more than %d folders",
          "%,d files directly in",
          // Mistakes of a program, which no user sees.
          "do not match %d actual classes",
          "there are %d classes",
          "Layer %d has %d inputs",
          "A layer with %d inputs");

  @Test
  void messagesCount() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
        Matcher literals = LITERALS.matcher(Files.readString(file));
        while (literals.find()) {
          String text = literals.group().replaceAll("\"\\s*\\+\\s*\"", "");
          if (PLURAL.matcher(text).find() && CONSTANT.stream().noneMatch(text::contains)) {
            found.add(file.getFileName() + ": " + text);
          }
        }
      }
    }
    assertThat(found).isEmpty();
  }
}
