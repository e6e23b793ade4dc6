package dev.retrain.cli.process;

import dev.retrain.util.RunWatchdog;
import dev.retrain.util.text.Counted;
import dev.retrain.util.text.TerminalText;
import java.time.Duration;
import java.util.Locale;

/** Ends the process if a run of a graph takes too long. */
public final class RunTimeout {
  /** The option of every command that runs a user's graph. */
  public static final String OPTION = "--run-timeout";

  /** Seconds, when the option is not given. */
  public static final int DEFAULT = 600;

  private RunTimeout() {}

  /**
   * Limits the runs of a command.
   *
   * @param seconds the longest time of one run; 0 for no limit
   */
  public static void install(int seconds) {
    RunWatchdog.install(Duration.ofSeconds(seconds), graph -> end(graph, seconds));
  }

  /**
   * Ends the process without shutting down, which would wait for the run or fail in it. What was
   * written up to now is complete, as after any other sudden end of the process.
   */
  private static void end(String graph, int seconds) {
    try {
      System.out.flush();
      System.err.println(
          String.format(
              Locale.ROOT,
              "retrain: %s did not compute a batch within %s, so the command was ended. Use"
                  + " another network, or allow more time with %s.",
              TerminalText.escape(graph),
              Counted.of(seconds, "second"),
              OPTION));
      System.err.flush();
    } finally {
      Runtime.getRuntime().halt(ExitCode.FAILED.code());
    }
  }
}
