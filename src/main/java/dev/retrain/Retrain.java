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
import dev.retrain.command.Interruption;
import dev.retrain.command.ManCommand;
import dev.retrain.command.ModelsCommand;
import dev.retrain.command.ModelsFetchCommand;
import dev.retrain.command.PredictCommand;
import dev.retrain.command.QuickstartCommand;
import dev.retrain.command.ReportCommand;
import dev.retrain.command.SweepCommand;
import dev.retrain.command.TrainCommand;
import dev.retrain.fetch.Sources;
import picocli.CommandLine;
import picocli.CommandLine.Command;

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
    CommandLine root = commandLine(Interruption.ofProcess(), Sources.fromEnvironment());
    System.exit(CommandLines.execute(root, arguments));
  }

  /**
   * The root with all its commands.
   *
   * @param interruption the user's wish to stop
   * @param sources where published files come from
   */
  static CommandLine commandLine(Interruption interruption, Sources sources) {
    CommandLine root = new CommandLine(new Retrain());
    root.addSubcommand(new QuickstartCommand(interruption));
    root.addSubcommand(new DownloadCommand(interruption, sources));
    root.addSubcommand(new TrainCommand(interruption, sources));
    // A command line of its own, which makes lists of its options; the root's would not.
    root.addSubcommand(new CommandLine(new SweepCommand(interruption, sources)));
    root.addSubcommand(
        new CommandLine(new BottleneckCommand(interruption, sources))
            .addSubcommand(new BottleneckInfoCommand(interruption))
            .addSubcommand(new BottleneckImportCommand(interruption, sources))
            .addSubcommand(new BottleneckExportCommand(interruption, sources))
            .addSubcommand(new BottleneckPruneCommand(interruption)));
    root.addSubcommand(new AugmentCommand(interruption));
    root.addSubcommand(new EvaluateCommand(interruption));
    root.addSubcommand(new ReportCommand(interruption));
    root.addSubcommand(new PredictCommand(interruption));
    root.addSubcommand(
        new CommandLine(new ModelsCommand(interruption, sources))
            .addSubcommand(new ModelsFetchCommand(interruption, sources)));
    root.addSubcommand(new CompletionCommand(interruption));
    root.addSubcommand(new ManCommand(interruption));
    return CommandLines.prepare(root);
  }
}
