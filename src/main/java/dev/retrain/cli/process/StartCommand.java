package dev.retrain.cli.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the user started this process, for messages that name further commands. */
public final class StartCommand {
  private static final String LAUNCHER = "retrain";
  private static final Pattern JAR = Pattern.compile(".*?retrain[^/\\\\ ]*\\.jar(?= |$)");

  private StartCommand() {}

  /** The words before a command's name: {@code java -jar target/retrain.jar}, or the launcher. */
  public static String words() {
    return words(System.getProperty("sun.java.command", ""));
  }

  /**
   * @param started the jar and the arguments, as Java records them
   */
  static String words(String started) {
    // A path may contain spaces; another program, such as a test, has another name.
    Matcher matcher = JAR.matcher(started);
    if (!matcher.lookingAt()) {
      return "java -jar retrain.jar";
    }
    Path jar = Path.of(matcher.group());
    Path launcher = jar.resolveSibling(Path.of("..", "bin", LAUNCHER));
    return Files.isRegularFile(launcher)
        ? LAUNCHER
        : "java -jar " + (jar.toString().contains(" ") ? "'" + jar + "'" : jar);
  }
}
