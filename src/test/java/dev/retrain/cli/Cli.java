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
 * What a command did, run in this process.
 *
 * @param code its exit code
 * @param out what it printed
 * @param err what it complained of
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

  /** Runs a command line that fetches files from these sources. */
  public static Cli run(DownloadSources sources, Object... arguments) {
    return run(new Interruption(), sources, arguments);
  }

  /** Runs a command line that can be interrupted and fetches files from these sources. */
  public static Cli run(Interruption interruption, DownloadSources sources, Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    CommandLine root = Retrain.commandLine(interruption, sources, Retrain.asked(words));
    root.setOut(new PrintWriter(out));
    root.setErr(new PrintWriter(err));
    int code = CommandLineSetup.execute(root, words);
    return new Cli(code, out.toString(), err.toString());
  }

  /** What it printed, which must be JSON. */
  public JsonNode json() throws JsonProcessingException {
    return new ObjectMapper().readTree(out);
  }
}
