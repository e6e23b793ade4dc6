package dev.retrain.cli.manual;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Converts texts of the help for other formats. */
final class Wording {
  private static final Pattern SENTENCE =
      Pattern.compile("(.*?[^.])[.:](?=\\s|$).*", Pattern.DOTALL);

  private Wording() {}

  /** Joins picocli's lines into one paragraph and resolves {@code %n} and {@code %%}. */
  static String text(String... lines) {
    return String.format(Locale.ROOT, String.join("%n", lines)).strip();
  }

  /** The first sentence of such a paragraph, without the full stop. */
  static String firstSentence(String... lines) {
    Matcher sentence = SENTENCE.matcher(text(lines));
    return sentence.matches() ? sentence.group(1) : text(lines);
  }
}
