package dev.retrain.cli.process;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import dev.retrain.util.Setting;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Configures Logback: messages go to standard error. */
public final class Logging {
  /** Clears the line, where a progress bar may be. */
  private static final String CLEAR_LINE = "\r\u001b[K";

  private Logging() {}

  /**
   * @param terminal whether standard error is a terminal
   * @param names how messages name a setting
   */
  public static void configure(
      boolean verbose, boolean quiet, boolean terminal, Function<Setting, String> names) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    LogLayout layout = new LogLayout(terminal ? CLEAR_LINE : "", verbose, names);
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    context
        .getLogger("dev.retrain")
        .setLevel(verbose ? Level.DEBUG : quiet ? Level.ERROR : Level.INFO);
  }
}
