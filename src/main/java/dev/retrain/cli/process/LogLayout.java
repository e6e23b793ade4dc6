package dev.retrain.cli.process;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import dev.retrain.util.Setting;
import dev.retrain.util.text.TerminalText;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import org.slf4j.helpers.MessageFormatter;

/** Formats log messages. Messages mention file names, whose control characters are escaped. */
final class LogLayout extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

  private final String prefix;
  private final boolean verbose;
  private final Function<Setting, String> names;

  /**
   * @param prefix printed before each message
   * @param verbose whether to add time, level, logger and stack trace
   * @param names how messages name a setting among their arguments
   */
  LogLayout(String prefix, boolean verbose, Function<Setting, String> names) {
    this.prefix = prefix;
    this.verbose = verbose;
    this.names = names;
  }

  private String message(ILoggingEvent event) {
    Object[] arguments = event.getArgumentArray();
    if (arguments == null) {
      return event.getFormattedMessage();
    }
    Object[] named =
        Arrays.stream(arguments)
            .map(argument -> argument instanceof Setting setting ? names.apply(setting) : argument)
            .toArray();
    return MessageFormatter.basicArrayFormat(event.getMessage(), named);
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(prefix);
    if (verbose) {
      String logger = event.getLoggerName();
      line.append(
          String.format(
              Locale.ROOT,
              "%s %-5s %s: ",
              TIME.format(Instant.ofEpochMilli(event.getTimeStamp())),
              event.getLevel(),
              logger.substring(logger.lastIndexOf('.') + 1)));
    }
    line.append(TerminalText.escape(message(event))).append(System.lineSeparator());
    if (verbose && event.getThrowableProxy() != null) {
      line.append(
          TerminalText.escapeLines(
              ThrowableProxyUtil.asString(event.getThrowableProxy()).replace("\r\n", "\n")));
    }
    return line.toString();
  }
}
