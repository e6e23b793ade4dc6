package dev.retrain.command;

import dev.retrain.command.manual.ManPage;
import dev.retrain.model.Json;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code retrain man}. */
@Command(
    name = "man",
    header = "Print the manual page.",
    description = "%nIt is for man to show, or to be kept as man1/retrain.1.%n",
    footer = {"", "Example:", "  retrain man | man -l -"})
public final class ManCommand extends RetrainCommand {
  /**
   * @param interruption the user's wish to stop
   */
  public ManCommand(Interruption interruption) {
    super(interruption);
  }

  @Override
  ExitCode run() throws IOException {
    String page =
        ManPage.of(spec.root().commandLine(), VersionProvider.retrain(), VersionProvider.date());
    if (json()) {
      printJson(Json.mapper().createObjectNode().put("page", page));
    } else {
      out().print(page);
      out().flush();
    }
    return ExitCode.OK;
  }
}
