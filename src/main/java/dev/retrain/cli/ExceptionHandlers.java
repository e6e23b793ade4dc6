package dev.retrain.cli;

import dev.retrain.cli.option.OptionNames;
import dev.retrain.cli.option.OutputOptions;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.util.CancelledException;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.IoReason;
import dev.retrain.util.io.NameEncoding;
import dev.retrain.util.io.OutputException;
import dev.retrain.util.text.TerminalText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reports every exception as a sentence on standard error and an exit code. */
public final class ExceptionHandlers
    implements IParameterExceptionHandler, IExecutionExceptionHandler {
  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String message = ParseMessages.message(e, List.of(arguments));
    err.println("retrain: " + TerminalText.escape(sentence(message + source(command, message))));
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try '%s --help'.".formatted(command.getCommandSpec().qualifiedName()));
    if (List.of(arguments).contains("--verbose")) {
      printStackTrace(e, err);
    }
    err.flush();
    return ExitCode.USAGE.code();
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult result) {
    PrintWriter err = command.getErr();
    boolean verbose = command.getParseResult().hasMatchedOption("--verbose");
    err.println("retrain: " + TerminalText.escape(sentence(message(e, command, verbose))));
    if (verbose) {
      printStackTrace(e, err);
    }
    err.flush();
    return exitCode(e).code();
  }

  private static void printStackTrace(Exception e, PrintWriter err) {
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace, true));
    err.print(TerminalText.escapeLines(trace.toString().replace("\r\n", "\n")));
  }

  private static ExitCode exitCode(Exception e) {
    if (e instanceof CancelledException) {
      return ExitCode.INTERRUPTED;
    }
    return e instanceof InvalidSettingException ? ExitCode.USAGE : ExitCode.FAILED;
  }

  /** Mentions the configuration file, which may set the invalid option. */
  private static String source(CommandLine command, String message) {
    ParseResult parsed = command.getParseResult();
    Path file =
        parsed == null ? null : parsed.matchedOptionValue(OutputOptions.CONFIG, (Path) null);
    return file == null || message.contains(file.toString())
        ? ""
        : " (options were also read from %s)".formatted(file);
  }

  private static String message(Exception e, CommandLine command, boolean verbose) {
    if (e instanceof RetrainException failure) {
      return failure.message(OptionNames.of(command.getCommandSpec()));
    }
    if (e instanceof InvalidSettingException invalid) {
      return invalid.message(OptionNames.of(command.getCommandSpec()));
    }
    if (e instanceof CancelledException || e instanceof OutputException) {
      return e.getMessage();
    }
    if (e instanceof FileSystemException file && file.getFile() != null) {
      return "%s can't be used: %s".formatted(file.getFile(), IoReason.of(file));
    }
    if (e instanceof InvalidPathException invalid) {
      return NameEncoding.isUnicode()
          ? "'%s' is not a valid path: %s".formatted(invalid.getInput(), invalid.getReason())
          : "the path '%s' can't be used: %s".formatted(invalid.getInput(), NameEncoding.remedy());
    }
    if (e instanceof IOException io) {
      return "A file can't be read or written: %s".formatted(IoReason.of(io));
    }
    // Only the first line, because messages of TensorFlow can be pages long.
    return "Internal error, please report it (%s)%s"
        .formatted(
            e.toString().lines().findFirst().orElseThrow(),
            verbose ? "" : "; --verbose shows the stack trace");
  }

  private static String sentence(String message) {
    return message.endsWith(".") || message.endsWith("?") ? message : message + ".";
  }
}
