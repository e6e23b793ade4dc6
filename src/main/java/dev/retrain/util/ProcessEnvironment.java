package dev.retrain.util;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.util.Optional;

/**
 * The environment variables of this process as native libraries see them, by the C library's {@code
 * getenv} and {@code setenv}. {@link System#getenv} shows them as they were when Java started.
 *
 * <p>All methods throw {@link LinkageError} on a platform that JNA does not support.
 */
public final class ProcessEnvironment {
  private static final String WINDOWS_LIBRARY = "ucrtbase";

  private ProcessEnvironment() {}

  /** The value of a variable; absent if it is not set. */
  public static Optional<String> get(String name) {
    Object[] arguments = {name};
    Pointer value = function("getenv").invokePointer(arguments);
    return Optional.ofNullable(value).map(text -> text.getString(0));
  }

  /** Sets a variable unless the user has set it. */
  public static void setIfAbsent(String name, String value) {
    if (get(name).isPresent()) {
      return;
    }
    if (Platform.isWindows()) {
      function("_putenv_s").invokeInt(new Object[] {name, value});
    } else {
      function("setenv").invokeInt(new Object[] {name, value, 1});
    }
  }

  private static Function function(String name) {
    return Function.getFunction(
        Platform.isWindows() ? WINDOWS_LIBRARY : Platform.C_LIBRARY_NAME, name);
  }
}
