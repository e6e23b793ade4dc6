package dev.retrain.util;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * An operation failed for a reason that the user can fix.
 *
 * <p>The message is one or two plain sentences that name the file or setting, what was found and
 * what to do. A {@link Setting} among the arguments of the message appears as its phrase in {@link
 * #getMessage}; {@link #message(Function)} replaces it by a name of the caller's choice, such as a
 * command-line option.
 */
public class RetrainException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  // Both are null after serialization, which arguments of any type need not survive.
  private final transient String format;
  private final transient Object[] arguments;

  /**
   * @param message the whole message; not a format
   */
  public RetrainException(String message) {
    this(message, (Throwable) null);
  }

  /**
   * @param message the whole message; not a format
   * @param cause what caused it, or null
   */
  public RetrainException(String message, Throwable cause) {
    super(message, cause);
    format = null;
    arguments = new Object[0];
  }

  /**
   * @param format a format of {@link String#format(Locale, String, Object...)}
   * @param arguments its arguments, settings among them
   */
  public RetrainException(String format, Object... arguments) {
    this(null, format, arguments);
  }

  /**
   * @param cause what caused it, or null
   * @param format a format of {@link String#format(Locale, String, Object...)}
   * @param arguments its arguments, settings among them
   */
  public RetrainException(Throwable cause, String format, Object... arguments) {
    super(String.format(Locale.ROOT, format, arguments), cause);
    this.format = format;
    this.arguments = arguments.clone();
  }

  /**
   * The settings that the message refers to, in the order of the message; empty if there are none.
   */
  public List<Setting> settings() {
    return Arrays.stream(arguments())
        .filter(Setting.class::isInstance)
        .map(Setting.class::cast)
        .toList();
  }

  /**
   * The message with other names for its settings; after serialization, it has their phrases.
   *
   * @param name returns the name of a setting
   */
  public String message(Function<Setting, String> name) {
    if (format == null) {
      return getMessage();
    }
    Object[] named =
        Arrays.stream(arguments())
            .map(argument -> argument instanceof Setting setting ? name.apply(setting) : argument)
            .toArray();
    return String.format(Locale.ROOT, format, named);
  }

  private Object[] arguments() {
    return arguments == null ? new Object[0] : arguments;
  }
}
