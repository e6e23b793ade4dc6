package dev.retrain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.command.CommandLines;
import dev.retrain.command.Interruption;
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
    return run(new Interruption(), arguments);
  }

  /** Runs a command line that can be interrupted. */
  public static Cli run(Interruption interruption, Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine root = Retrain.commandLine(interruption);
    root.setOut(new PrintWriter(out));
    root.setErr(new PrintWriter(err));
    int code =
        CommandLines.execute(
            root, Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    return new Cli(code, out.toString(), err.toString());
  }

  /** What it printed, which must be JSON. */
  public JsonNode json() throws JsonProcessingException {
    return new ObjectMapper().readTree(out);
  }
}
