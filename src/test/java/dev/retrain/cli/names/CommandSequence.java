package dev.retrain.cli.names;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.CommandLineSetup;
import dev.retrain.cli.Retrain;
import dev.retrain.cli.process.Interruption;
import dev.retrain.fetch.DownloadSources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** The main class of {@link ChildJvm}: runs several commands in one process, which saves starts. */
public final class CommandSequence {
  private CommandSequence() {}

  /**
   * @param files a JSON file with a list of command lines, and the file for the list of exit codes
   */
  public static void main(String[] files) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<Integer> codes = new ArrayList<>();
    for (JsonNode command : json.readTree(Path.of(files[0]).toFile())) {
      List<String> words = new ArrayList<>();
      command.forEach(word -> words.add(word.asText()));
      String[] arguments = words.toArray(String[]::new);
      CommandLine root =
          Retrain.commandLine(
              new Interruption(), DownloadSources.fromEnvironment(), Retrain.requested(arguments));
      codes.add(CommandLineSetup.execute(root, arguments));
    }
    json.writeValue(Path.of(files[1]).toFile(), codes);
  }
}
