package dev.retrain.cli.process;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import dev.retrain.util.text.TerminalText;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Formats log messages. Messages mention file names, whose control characters are escaped. */
final class LogLayout extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

  private final String prefix;
  private final boolean verbose;

  /**
   * @param prefix printed before each message
   * @param verbose whether to add time, level, logger and stack trace
   */
  LogLayout(String prefix, boolean verbose) {
    this.prefix = prefix;
    this.verbose = verbose;
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
    line.append(TerminalText.escape(event.getFormattedMessage())).append(System.lineSeparator());
    if (verbose && event.getThrowableProxy() != null) {
      line.append(
          TerminalText.escapeLines(
              ThrowableProxyUtil.asString(event.getThrowableProxy()).replace("\r\n", "\n")));
    }
    return line.toString();
  }
}
