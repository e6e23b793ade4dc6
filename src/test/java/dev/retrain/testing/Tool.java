package dev.retrain.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A program of the machine that a test needs: a shell, man, a linter. */
public final class Tool {
  private final Path program;

  private Tool(Path program) {
    this.program = program;
  }

  /**
   * The program, from the tests' virtual environment or from PATH; or a skipped test, which fails
   * with CI=true.
   */
  public static Tool require(String name) {
    String python = System.getenv().getOrDefault("RETRAIN_PYTHON", ".venv/bin/python");
    Optional<Path> found =
        Stream.concat(
                Stream.of(Path.of(python).toAbsolutePath().getParent()),
                Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(Path::of))
            .map(directory -> directory.resolve(name))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isEmpty()) {
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(name + " is not installed; .ci/run does that");
      }
      Assumptions.abort(name + " is not installed");
    }
    return new Tool(found.orElseThrow());
  }

  /** Where it is. */
  public Path program() {
    return program;
  }

  /**
   * What it did.
   *
   * @param code its exit code
   * @param out what it printed, on either stream
   */
  public record Ended(int code, String out) {}

  /** Runs it in a directory. */
  public Ended run(Path directory, Object... arguments) throws IOException {
    return run(directory, Map.of(), arguments);
  }

  /** Runs it in a directory, with some variables of the environment set. */
  public Ended run(Path directory, Map<String, String> environment, Object... arguments)
      throws IOException {
    List<String> command =
        Stream.concat(Stream.of(program), Stream.of(arguments)).map(Object::toString).toList();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      return new Ended(process.waitFor(), out);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
