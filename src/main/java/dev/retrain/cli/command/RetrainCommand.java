package dev.retrain.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.option.OptionNames;
import dev.retrain.cli.option.OptionValues;
import dev.retrain.cli.option.OutputOptions;
import dev.retrain.cli.option.UsageErrors;
import dev.retrain.cli.option.rule.OptionRules;
import dev.retrain.cli.output.Console;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.cli.process.Logging;
import dev.retrain.cli.process.ProgressDisplay;
import dev.retrain.cli.process.QuietTensorFlow;
import dev.retrain.cli.process.RunTimeout;
import dev.retrain.cli.process.Terminal;
import dev.retrain.cli.process.VersionProvider;
import dev.retrain.util.Json;
import dev.retrain.util.NativeLibraries;
import dev.retrain.util.Progress;
import dev.retrain.util.TensorFlowRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands have in common: logging, progress, output, and quiet loading of TensorFlow. */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    exitCodeListHeading = "%nExit codes:%n")
public abstract class RetrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private OutputOptions output;

  private final Interruption interruption;
  private boolean terminal;

  /**
   * @param interruption requests to stop the command
   */
  protected RetrainCommand(Interruption interruption) {
    this.interruption = interruption;
  }

  /** Does the work; options are parsed and their rules checked, and logging is set up. */
  protected abstract ExitCode run() throws IOException;

  @Override
  public final Integer call() throws IOException {
    OptionRules.check(spec);
    limitRuns();
    NativeLibraries.prepareJna();
    // Checked now: QuietTensorFlow redirects descriptor 2.
    terminal = Terminal.stderr();
    Logging.configure(output.verbose(), output.quiet(), terminal, OptionNames.of(spec));
    return run().code();
  }

  private void limitRuns() {
    if (spec.findOption(RunTimeout.OPTION) == null) {
      return;
    }
    int seconds =
        spec.commandLine()
            .getParseResult()
            .matchedOptionValue(RunTimeout.OPTION, RunTimeout.DEFAULT);
    if (seconds < 0) {
      throw UsageErrors.create(
          spec, "%s must be at least 0, but is %d", RunTimeout.OPTION, seconds);
    }
    RunTimeout.install(seconds);
  }

  protected final void loadTensorFlow() {
    TensorFlowRuntime.ensureConfigured();
    if (!output.verbose()) {
      QuietTensorFlow.prepare();
    }
  }

  protected final Progress progress() {
    if (output.quiet()) {
      return silentProgress();
    }
    ProgressDisplay.Style style =
        terminal ? ProgressDisplay.Style.BAR : ProgressDisplay.Style.LINES;
    return new ProgressDisplay(System.err, style, interruption);
  }

  /** Shows nothing, but can be interrupted. */
  protected final Progress silentProgress() {
    return new ProgressDisplay(System.err, ProgressDisplay.Style.NOTHING, interruption);
  }

  protected final CommandSpec spec() {
    return spec;
  }

  protected final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Notices on standard error. */
  protected final Console err() {
    return new Console(spec.commandLine().getErr());
  }

  protected final Console console() {
    return new Console(out());
  }

  protected final boolean json() {
    return output.json();
  }

  protected final void line(String format, Object... arguments) {
    console().line(format, arguments);
  }

  protected final void printJson(Object result) throws JsonProcessingException {
    console().json(result);
  }

  protected final ParameterException usage(String format, Object... arguments) {
    return UsageErrors.create(spec, format, arguments);
  }

  /** The options that have an effect on the result, by key, sorted; defaults included. */
  protected final ObjectNode effectiveOptions() {
    Map<String, String> values = new TreeMap<>(OptionValues.values(spec.options()));
    values.keySet().removeAll(OptionRules.keysWithoutEffect(spec));
    ObjectNode node = Json.mapper().createObjectNode();
    values.forEach(node::put);
    return node;
  }
}
