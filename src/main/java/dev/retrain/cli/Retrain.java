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
import dev.retrain.cli.command.models.ModelsDescribeCommand;
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

/** The root command. */
@Command(
    name = "retrain",
    header = "Train an image classifier on features of a pretrained network.",
    description =
        "%nTrains on one folder of images per class. Needs no GPU, and a network connection only to"
            + " download a pretrained network.%n",
    footer = {"", "Get started: java -jar retrain.jar quickstart"})
public final class Retrain {
  private Retrain() {}

  /**
   * Runs a command and ends the process with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    StandardOutput output = StandardOutput.install();
    Interruption interruption = Interruption.ofProcess();
    CommandLine root =
        commandLine(interruption, DownloadSources.fromEnvironment(), requested(arguments));
    int code = output.finish(CommandLineSetup.execute(root, arguments));
    System.exit(interruption.exitCode(code));
  }

  /**
   * The commands that a command line needs. Constructing all commands takes longer than many a
   * command runs.
   *
   * @param arguments the command line
   * @return whether a command of a name is needed
   */
  public static Predicate<String> requested(String... arguments) {
    Set<String> words = Set.copyOf(Arrays.asList(arguments));
    // These need every command; the keys of a configuration file are checked for all of them.
    boolean all =
        words.contains("completion")
            || words.contains("man")
            || words.stream().anyMatch(word -> word.startsWith("--config") || word.startsWith("@"));
    return all ? name -> true : words::contains;
  }

  /**
   * The root command with its subcommands.
   *
   * @param interruption requests to stop the command
   * @param sources where published files are downloaded from
   * @param requested the commands to construct; the others have only a name and a header
   */
  public static CommandLine commandLine(
      Interruption interruption, DownloadSources sources, Predicate<String> requested) {
    CommandLine root = new CommandLine(new Retrain());
    for (Map.Entry<Class<?>, Supplier<Object>> entry : commands(interruption, sources)) {
      Command command = entry.getKey().getAnnotation(Command.class);
      root.addSubcommand(
          command.name(), requested.test(command.name()) ? entry.getValue().get() : stub(command));
    }
    return CommandLineSetup.prepare(root);
  }

  private static CommandSpec stub(Command command) {
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
        // A CommandLine of its own, because only that applies the model transformer.
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
                    .addSubcommand(new ModelsFetchCommand(interruption, sources))
                    .addSubcommand(new ModelsDescribeCommand(interruption, sources))),
        Map.entry(CompletionCommand.class, () -> new CompletionCommand(interruption)),
        Map.entry(ManCommand.class, () -> new ManCommand(interruption)));
  }
}
