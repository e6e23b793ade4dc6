package dev.retrain.util;

import java.util.Locale;
import java.util.function.Function;

/** A value that a setting does not accept; thrown where options are constructed. */
public final class InvalidSettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final Setting setting;
  private final String problem;

  /**
   * @param setting the setting
   * @param problem the rest of the sentence after the setting's name: {@code must be above 0, but
   *     is %s}; a format of {@link String#format(Locale, String, Object...)}
   * @param arguments arguments of the format
   */
  public InvalidSettingException(Setting setting, String problem, Object... arguments) {
    this(setting, String.format(Locale.ROOT, problem, arguments));
  }

  private InvalidSettingException(Setting setting, String problem) {
    super(setting.subject() + " " + problem);
    this.setting = setting;
    this.problem = problem;
  }

  /** The setting whose value is invalid. */
  public Setting setting() {
    return setting;
  }

  /**
   * The message with another name for the setting.
   *
   * @param name returns the name of a setting
   */
  public String message(Function<Setting, String> name) {
    return name.apply(setting) + " " + problem;
  }
}
