package dev.retrain.cli;

import dev.retrain.cli.command.AugmentCommand;
import dev.retrain.cli.command.CompletionCommand;
import dev.retrain.cli.command.DownloadCommand;
import dev.retrain.cli.command.EvaluateCommand;
import dev.retrain.cli.command.ExportCommand;
import dev.retrain.cli.command.ManCommand;
import dev.retrain.cli.command.PredictCommand;
import dev.retrain.cli.command.QuickstartCommand;
import dev.retrain.cli.command.ReportCommand;
import dev.retrain.cli.command.SweepCommand;
import dev.retrain.cli.command.TrainCommand;
import dev.retrain.cli.command.bottleneck.BottleneckCommand;
import dev.retrain.cli.command.bottleneck.BottleneckExportCommand;
import dev.retrain.cli.command.bottleneck.BottleneckImportCommand;
import dev.retrain.cli.command.bottleneck.BottleneckInfoCommand;
import dev.retrain.cli.command.bottleneck.BottleneckPruneCommand;
import dev.retrain.cli.command.models.ModelsCommand;
import dev.retrain.cli.command.models.ModelsFetchCommand;
import dev.retrain.cli.process.Interruption;
import dev.retrain.cli.process.StandardOutput;
import dev.retrain.fetch.DownloadSources;
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
    header = "Train an image classifier of your own on a pretrained network.",
    description =
        "%nGive it a folder of images for each class; it needs no GPU, and a network connection"
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
        commandLine(Interruption.ofProcess(), DownloadSources.fromEnvironment(), asked(arguments));
    System.exit(output.finish(CommandLineSetup.execute(root, arguments)));
  }

  /**
   * Which commands a command line asks for: making all of them takes longer than many a command.
   *
   * @param arguments the command line
   * @return tells it by a command's name
   */
  public static Predicate<String> asked(String... arguments) {
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
  public static CommandLine commandLine(
      Interruption interruption, DownloadSources sources, Predicate<String> asked) {
    CommandLine root = new CommandLine(new Retrain());
    for (Map.Entry<Class<?>, Supplier<Object>> entry : commands(interruption, sources)) {
      Command command = entry.getKey().getAnnotation(Command.class);
      root.addSubcommand(
          command.name(), asked.test(command.name()) ? entry.getValue().get() : named(command));
    }
    return CommandLineSetup.prepare(root);
  }

  private static CommandSpec named(Command command) {
    CommandSpec spec = CommandSpec.create().name(command.name());
    spec.usageMessage().header(command.header());
    return spec;
  }

  private static List<Map.Entry<Class<?>, Supplier<Object>>> commands(
      Interruption interruption, DownloadSources sources) {
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
