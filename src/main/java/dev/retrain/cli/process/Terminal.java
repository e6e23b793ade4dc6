package dev.retrain.cli.process;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.io.Console;

/** Detects whether the standard streams are terminals. */
public final class Terminal {
  private static final int STDOUT = 1;
  private static final int STDERR = 2;

  private Terminal() {}

  /** Whether standard output is a terminal with colors; loads no native library. */
  @SuppressWarnings("SystemConsoleNull") // Both meanings are handled.
  public static boolean stdout() {
    Console console = System.console();
    if (console == null || System.getenv("NO_COLOR") != null) {
      return false;
    }
    try {
      // From Java 22 on, a console need not be a terminal.
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** Whether standard output is a terminal, with or without colors. */
  public static boolean isStdout() {
    return isTerminal(STDOUT);
  }

  /** Whether standard error is a terminal. */
  public static boolean stderr() {
    return isTerminal(STDERR);
  }

  private static boolean isTerminal(int descriptor) {
    try {
      return Function.getFunction(
                  Platform.isWindows() ? "msvcrt" : Platform.C_LIBRARY_NAME,
                  Platform.isWindows() ? "_isatty" : "isatty")
              .invokeInt(new Object[] {descriptor})
          != 0;
    } catch (LinkageError e) {
      // No native library: then output is plain. Logging is not configured yet.
      return false;
    }
  }
}
