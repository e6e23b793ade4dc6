package dev.retrain.cli.command;

import dev.retrain.cli.manual.FishCompletion;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.util.Json;
import java.io.IOException;
import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code retrain completion}. */
@Command(
    name = "completion",
    header = "Print a completion script for bash, zsh or fish.",
    description =
        "%nTo enable completion, add one of these lines to the startup file of your shell.%n",
    footer = {
      "",
      "  ~/.bashrc                    source <(retrain completion bash)",
      "  ~/.zshrc                     source <(retrain completion zsh)",
      "  ~/.config/fish/config.fish   retrain completion fish | source",
    })
public final class CompletionCommand extends RetrainCommand {
  private enum Shell {
    BASH,
    ZSH,
    FISH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(paramLabel = "SHELL", description = "The shell: bash, zsh or fish.")
  private Shell shell;

  /**
   * @param interruption requests to stop the command
   */
  public CompletionCommand(Interruption interruption) {
    super(interruption);
  }

  @Override
  protected ExitCode run() throws IOException {
    CommandLine root = spec().root().commandLine();
    String script =
        switch (shell) {
          // One script for both: in zsh it loads the bash compatibility functions.
          case BASH, ZSH -> AutoComplete.bash(root.getCommandName(), root);
          case FISH -> FishCompletion.render(root);
        };
    if (json()) {
      printJson(Json.mapper().createObjectNode().put("script", script));
    } else {
      console().print(script);
    }
    return ExitCode.OK;
  }
}
