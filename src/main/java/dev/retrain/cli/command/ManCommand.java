package dev.retrain.cli.command;

import dev.retrain.cli.manual.ManPage;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.cli.process.VersionProvider;
import dev.retrain.model.ModelMetadata.Versions;
import dev.retrain.util.Json;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code retrain man}. */
@Command(
    name = "man",
    header = "Print the manual page.",
    description = "%nShow it with man, or install it as man1/retrain.1.%n",
    footer = {"", "Example:", "  retrain man | man -l -"})
public final class ManCommand extends RetrainCommand {
  /**
   * @param interruption requests to stop the command
   */
  public ManCommand(Interruption interruption) {
    super(interruption);
  }

  @Override
  protected ExitCode run() throws IOException {
    String page =
        ManPage.render(
            spec().root().commandLine(), Versions.current().retrain(), VersionProvider.date());
    if (json()) {
      printJson(Json.mapper().createObjectNode().put("page", page));
    } else {
      console().print(page);
    }
    return ExitCode.OK;
  }
}
