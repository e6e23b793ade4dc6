package dev.retrain.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs the scripts of src/test/python, which read the tool's files with other libraries.
 *
 * <p>They need the packages of requirements.txt, in .venv or in the Python that RETRAIN_PYTHON
 * specifies. Without Python, tests are skipped, or fail if CI=true.
 */
public final class PythonClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path SCRIPTS = Path.of("src", "test", "python");

  private final Path python;

  private PythonClient(Path python) {
    this.python = python;
  }

  /** The client; skips the test if there is none. */
  public static PythonClient require() {
    String named = System.getenv("RETRAIN_PYTHON");
    Path python = named == null ? Path.of(".venv", "bin", "python") : Path.of(named);
    if (!Files.isExecutable(python)) {
      String message =
          "%s is not there: python3 -m venv .venv && .venv/bin/pip install -r src/test/python/"
                  .formatted(python)
              + "requirements.txt";
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(message);
      }
      Assumptions.abort(message);
    }
    return new PythonClient(python);
  }

  /**
   * The command line that runs a script.
   *
   * @param script its file
   * @param arguments its arguments
   */
  public List<String> command(Path script, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(python.toAbsolutePath().toString());
    command.add(script.toString());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }

  /**
   * Runs a script.
   *
   * @param script its file name
   * @param arguments its arguments
   * @return the JSON it printed
   */
  public JsonNode run(String script, Object... arguments) throws IOException {
    Path log = Files.createTempFile("retrain-python", ".log");
    try {
      Process process =
          new ProcessBuilder(command(SCRIPTS.resolve(script), arguments))
              .redirectError(log.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
      byte[] out = process.getInputStream().readAllBytes();
      int code = process.waitFor();
      if (code != 0) {
        throw new AssertionError(
            "%s ended with %d:%n%s".formatted(script, code, Files.readString(log)));
      }
      return JSON.readTree(out);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      Files.deleteIfExists(log);
    }
  }
}
