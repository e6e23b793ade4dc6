package dev.retrain;

import dev.retrain.command.AugmentCommand;
import dev.retrain.command.BottleneckCommand;
import dev.retrain.command.BottleneckExportCommand;
import dev.retrain.command.BottleneckImportCommand;
import dev.retrain.command.BottleneckInfoCommand;
import dev.retrain.command.BottleneckPruneCommand;
import dev.retrain.command.CommandLines;
import dev.retrain.command.CompletionCommand;
import dev.retrain.command.DownloadCommand;
import dev.retrain.command.EvaluateCommand;
import dev.retrain.command.ExportCommand;
import dev.retrain.command.Interruption;
import dev.retrain.command.ManCommand;
import dev.retrain.command.ModelsCommand;
import dev.retrain.command.ModelsFetchCommand;
import dev.retrain.command.PredictCommand;
import dev.retrain.command.QuickstartCommand;
import dev.retrain.command.ReportCommand;
import dev.retrain.command.StandardOutput;
import dev.retrain.command.SweepCommand;
import dev.retrain.command.TrainCommand;
import dev.retrain.fetch.Sources;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The command line's root. */
@Command(
    name = "retrain",
    header = "Train a picture classifier of your own on a pretrained network.",
    description =
        "%nGive it a folder of pictures for each class; it needs no GPU, and a network connection"
            + " only to fetch a pretrained network.%n",
    footer = {"", "First steps: java -jar retrain.jar quickstart"})
public final class Retrain {
  private Retrain() {}

  /**
   * Runs a command and ends the process with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    StandardOutput output = StandardOutput.install();
    CommandLine root =
        commandLine(Interruption.ofProcess(), Sources.fromEnvironment(), asked(arguments));
    System.exit(output.finish(CommandLines.execute(root, arguments)));
  }

  /**
   * Which commands a command line asks for: making all of them takes longer than many a command.
   *
   * @param arguments the command line
   * @return tells it by a command's name
   */
  static Predicate<String> asked(String... arguments) {
    Set<String> words = Set.copyOf(Arrays.asList(arguments));
    // These speak of every command: a file's keys are checked, whoever they are for.
    boolean all =
        words.contains("completion")
            || words.contains("man")
            || words.stream().anyMatch(word -> word.startsWith("--config") || word.startsWith("@"));
    return all ? name -> true : words::contains;
  }

  /**
   * The root with its commands.
   *
   * @param interruption the user's wish to stop
   * @param sources where published files come from
   * @param asked which commands are made; of the others, names and headers are known
   */
  static CommandLine commandLine(
      Interruption interruption, Sources sources, Predicate<String> asked) {
    CommandLine root = new CommandLine(new Retrain());
    for (Map.Entry<Class<?>, Supplier<Object>> entry : commands(interruption, sources)) {
      Command command = entry.getKey().getAnnotation(Command.class);
      root.addSubcommand(
          command.name(), asked.test(command.name()) ? entry.getValue().get() : named(command));
    }
    return CommandLines.prepare(root);
  }

  private static CommandSpec named(Command command) {
    CommandSpec spec = CommandSpec.create().name(command.name());
    spec.usageMessage().header(command.header());
    return spec;
  }

  private static List<Map.Entry<Class<?>, Supplier<Object>>> commands(
      Interruption interruption, Sources sources) {
    return List.of(
        Map.entry(QuickstartCommand.class, () -> new QuickstartCommand(interruption)),
        Map.entry(DownloadCommand.class, () -> new DownloadCommand(interruption, sources)),
        Map.entry(TrainCommand.class, () -> new TrainCommand(interruption, sources)),
        // A command line of its own, which makes lists of its options; the root's would not.
        Map.entry(
            SweepCommand.class, () -> new CommandLine(new SweepCommand(interruption, sources))),
        Map.entry(
            BottleneckCommand.class,
            () ->
                new CommandLine(new BottleneckCommand(interruption, sources))
                    .addSubcommand(new BottleneckInfoCommand(interruption))
                    .addSubcommand(new BottleneckImportCommand(interruption, sources))
                    .addSubcommand(new BottleneckExportCommand(interruption, sources))
                    .addSubcommand(new BottleneckPruneCommand(interruption))),
        Map.entry(AugmentCommand.class, () -> new AugmentCommand(interruption)),
        Map.entry(EvaluateCommand.class, () -> new EvaluateCommand(interruption)),
        Map.entry(ReportCommand.class, () -> new ReportCommand(interruption)),
        Map.entry(PredictCommand.class, () -> new PredictCommand(interruption)),
        Map.entry(ExportCommand.class, () -> new ExportCommand(interruption)),
        Map.entry(
            ModelsCommand.class,
            () ->
                new CommandLine(new ModelsCommand(interruption, sources))
                    .addSubcommand(new ModelsFetchCommand(interruption, sources))),
        Map.entry(CompletionCommand.class, () -> new CompletionCommand(interruption)),
        Map.entry(ManCommand.class, () -> new ManCommand(interruption)));
  }
}
