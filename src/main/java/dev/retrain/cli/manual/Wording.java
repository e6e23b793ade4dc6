package dev.retrain.cli.manual;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts of the help as they are read elsewhere. */
final class Wording {
  private static final Pattern SENTENCE =
      Pattern.compile("(.*?[^.])[.:](?=\\s|$).*", Pattern.DOTALL);

  private Wording() {}

  /** One paragraph of picocli's lines, its {@code %n} and {@code %%} put right. */
  static String text(String... lines) {
    return String.format(Locale.ROOT, String.join("%n", lines)).strip();
  }

  /** The beginning of such a paragraph, without the full stop. */
  static String firstSentence(String... lines) {
    Matcher sentence = SENTENCE.matcher(text(lines));
    return sentence.matches() ? sentence.group(1) : text(lines);
  }
}
