package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs the packaged jar in a process of its own.
 *
 * @param directory the process's working directory
 */
public record RetrainJar(Path directory) {
  public static final Path FILE =
      Path.of(System.getProperty("retrain.jar", "target/retrain.jar")).toAbsolutePath();

  public static final Path PERL = Path.of("/usr/bin/perl");
  private static final int TIMEOUT_MINUTES = 10;

  /**
   * How a process ended.
   *
   * @param code its exit code
   * @param out its standard output
   * @param err its standard error
   */
  public record Result(int code, String out, String err) {
    public JsonNode json() throws JsonProcessingException {
      return new ObjectMapper().readTree(out);
    }
  }

  /** The Java that runs the tests. */
  public static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** Prepares a command line of the jar. */
  public ProcessBuilder command(Object... arguments) {
    return command(java(), List.of(), arguments);
  }

  /** Prepares a command line of the jar on a given Java, with options for it. */
  public ProcessBuilder command(Path java, List<String> jvmOptions, Object... arguments) {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(PERL)) {
      // A test run in the background ignores Ctrl-C, and so would its children.
      command.addAll(List.of(PERL.toString(), "-e", "$SIG{INT} = 'DEFAULT'; exec @ARGV"));
    }
    command.add(java.toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-jar", FILE.toString()));
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    return inUserEnvironment(new ProcessBuilder(command));
  }

  /** Sets the working directory, and removes what the build sets to quiet TensorFlow. */
  public ProcessBuilder inUserEnvironment(ProcessBuilder builder) {
    builder.environment().remove("TF_CPP_MIN_LOG_LEVEL");
    return builder.directory(directory.toFile());
  }

  /** Runs the jar. */
  public Result run(Object... arguments) throws Exception {
    return run(command(arguments));
  }

  /** Runs a process to its end. */
  public Result run(ProcessBuilder builder) throws Exception {
    Path out = Files.createTempFile("retrain", ".out");
    Path err = Files.createTempFile("retrain", ".err");
    try {
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      assertThat(process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)).isTrue();
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
