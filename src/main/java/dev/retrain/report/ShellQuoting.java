package dev.retrain.report;

import java.util.List;
import java.util.regex.Pattern;

/** Quoting of command lines for a POSIX shell. */
final class ShellQuoting {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellQuoting() {}

  /**
   * Quotes the words that a shell would otherwise interpret.
   *
   * @param words the command and its arguments
   */
  static List<String> quote(List<String> words) {
    return words.stream().map(ShellQuoting::quote).toList();
  }

  private static String quote(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
