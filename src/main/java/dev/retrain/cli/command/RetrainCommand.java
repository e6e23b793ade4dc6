package dev.retrain.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.option.OptionNames;
import dev.retrain.cli.option.OutputOptions;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.cli.process.Logging;
import dev.retrain.cli.process.ProgressDisplay;
import dev.retrain.cli.process.QuietTensorFlow;
import dev.retrain.cli.process.Terminal;
import dev.retrain.cli.process.VersionProvider;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Json;
import dev.retrain.util.Progress;
import dev.retrain.util.TensorFlowRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands share: logging, progress, JSON, and TensorFlow loaded quietly. */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    exitCodeListHeading = "%nExit codes:%n")
public abstract class RetrainCommand implements Callable<Integer> {
  /** Options that say how the result is shown, not what it is. */
  private static final Set<String> ABOUT_THE_SCREEN =
      Set.of(
          "--help",
          "--version",
          "--json",
          "--verbose",
          "--quiet",
          "--force",
          "--dry-run",
          "--print-misclassified");

  @Spec public CommandSpec spec;
  @Mixin public OutputOptions output;

  public final Interruption interruption;
  private boolean watched;

  public RetrainCommand(Interruption interruption) {
    this.interruption = interruption;
  }

  /** Does the work; options are parsed, logging is set up. */
  public abstract ExitCode run() throws IOException;

  @Override
  public final Integer call() throws IOException {
    // Asked now: once TensorFlow is loaded, descriptor 2 is another.
    watched = Terminal.stderr();
    Logging.configure(output.verbose, output.quiet, watched);
    return run().code();
  }

  public final void loadTensorFlow() {
    TensorFlowRuntime.ensureConfigured();
    if (!output.verbose) {
      QuietTensorFlow.prepare();
    }
  }

  public final Progress progress() {
    ProgressDisplay.Style style =
        output.quiet
            ? ProgressDisplay.Style.NOTHING
            : watched ? ProgressDisplay.Style.BAR : ProgressDisplay.Style.LINES;
    return new ProgressDisplay(System.err, style, interruption);
  }

  /** Whether the user has named an option, in its longest or another spelling. */
  public final boolean given(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  public final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  public final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  public final boolean json() {
    return output.json;
  }

  public final void line(String format, Object... arguments) {
    line(out(), format, arguments);
    out().flush();
  }

  public static void line(PrintWriter out, String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments));
  }

  public final void printJson(Object result) throws JsonProcessingException {
    // Non-ASCII escaped: the text survives whatever the terminal's or the pipe's encoding is.
    ObjectWriter writer = Json.mapper().writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);
    out().println(writer.writeValueAsString(result));
    out().flush();
  }

  public final ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** A value out of its range, as the options' record tells it. */
  public final ParameterException usage(IllegalArgumentException e) {
    ParameterException usage =
        usage(
            e instanceof InvalidSettingException invalid
                ? invalid.message(OptionNames::of)
                : e.getMessage());
    usage.initCause(e);
    return usage;
  }

  /** The result's options as they are in force, by their longest names, sorted. */
  public ObjectNode optionsInForce() {
    ObjectNode node = Json.mapper().createObjectNode();
    new TreeMap<>(values(spec.options())).forEach(node::put);
    return node;
  }

  /** The values of these options as they are in force, by their longest names, in their order. */
  public static Map<String, String> values(Collection<OptionSpec> options) {
    Map<String, String> values = new LinkedHashMap<>();
    for (OptionSpec option : options) {
      Object value = option.getValue();
      if (value != null && !ABOUT_THE_SCREEN.contains(option.longestName())) {
        values.put(key(option), text(value));
      }
    }
    return values;
  }

  /** An option's name as a JSON key: the first of its long names, so that an alias changes none. */
  public static String key(OptionSpec option) {
    return Arrays.stream(option.names())
        .filter(name -> name.startsWith("--"))
        .findFirst()
        .orElse(option.longestName())
        .replaceFirst("^-+", "")
        .replace('-', '_');
  }

  private static String text(Object value) {
    return value instanceof List<?> list
        ? String.join(",", list.stream().map(Object::toString).toList())
        : value.toString();
  }
}
