package dev.retrain.report;

import java.util.List;
import java.util.regex.Pattern;

/** Words of a command line as one types them. */
final class ShellQuoting {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellQuoting() {}

  /**
   * Words for a POSIX shell.
   *
   * @param words the command and its arguments
   * @return the same, quoted where a shell would make something else of them
   */
  static List<String> quoted(List<String> words) {
    return words.stream().map(ShellQuoting::quoted).toList();
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
