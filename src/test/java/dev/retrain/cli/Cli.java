package dev.retrain.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.process.Interruption;
import dev.retrain.fetch.DownloadSources;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import picocli.CommandLine;

/**
 * The result of a command that was run in this process.
 *
 * @param code the exit code
 * @param out standard output
 * @param err standard error
 */
public record Cli(int code, String out, String err) {
  /** Runs a command line; arguments may be paths. */
  public static Cli run(Object... arguments) {
    return run(new Interruption(), DownloadSources.fromEnvironment(), arguments);
  }

  /** Runs a command line that can be interrupted. */
  public static Cli run(Interruption interruption, Object... arguments) {
    return run(interruption, DownloadSources.fromEnvironment(), arguments);
  }

  /** Runs a command line that downloads files from these sources. */
  public static Cli run(DownloadSources sources, Object... arguments) {
    return run(new Interruption(), sources, arguments);
  }

  /** Runs a command line that can be interrupted and downloads files from these sources. */
  public static Cli run(Interruption interruption, DownloadSources sources, Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    CommandLine root = Retrain.commandLine(interruption, sources, Retrain.requested(words));
    root.setOut(new PrintWriter(out));
    root.setErr(new PrintWriter(err));
    int code = CommandLineSetup.execute(root, words);
    return new Cli(code, out.toString(), err.toString());
  }

  /** Standard output, which must be JSON. */
  public JsonNode json() throws JsonProcessingException {
    return new ObjectMapper().readTree(out);
  }
}
