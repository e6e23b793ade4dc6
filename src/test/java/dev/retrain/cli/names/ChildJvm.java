package dev.retrain.cli.names;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs command lines in a process of their own, whose locale is another and whose log is captured.
 *
 * @param directory the working directory
 * @param options options of Java
 * @param environment variables to set
 */
record ChildJvm(Path directory, List<String> options, Map<String, String> environment) {
  private static final int TIMEOUT_MINUTES = 5;

  /**
   * What the commands did.
   *
   * @param codes their exit codes
   * @param out what they printed on standard output
   * @param err what they printed on standard error
   */
  record Ended(List<Integer> codes, String out, String err) {}

  /** Runs commands, one after the other. */
  Ended run(List<List<Object>> commands) throws IOException, InterruptedException {
    ObjectMapper json = new ObjectMapper();
    Path in = Files.createTempFile("commands", ".json");
    Path codes = Files.createTempFile("codes", ".json");
    Path out = Files.createTempFile("commands", ".out");
    Path err = Files.createTempFile("commands", ".err");
    try {
      List<List<String>> words =
          commands.stream().map(line -> line.stream().map(Object::toString).toList()).toList();
      json.writeValue(in.toFile(), words);
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(options);
      command.addAll(List.of("-Xmx1g", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true"));
      command.addAll(List.of("-cp", classPath(), CommandSequence.class.getName()));
      command.addAll(List.of(in.toString(), codes.toString()));
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectInput(new File("/dev/null"))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      assertThat(process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)).isTrue();
      Charset charset = StandardCharsets.UTF_8;
      String errors = new String(Files.readAllBytes(err), charset);
      assertThat(process.exitValue()).as(errors).isZero();
      return new Ended(
          json.readValue(codes.toFile(), new TypeReference<List<Integer>>() {}),
          new String(Files.readAllBytes(out), charset),
          errors);
    } finally {
      for (Path file : List.of(in, codes, out, err)) {
        Files.delete(file);
      }
    }
  }

  private static String classPath() {
    return Stream.of("surefire.test.class.path", "java.class.path")
        .map(System::getProperty)
        .filter(path -> path != null && !path.isEmpty())
        .findFirst()
        .orElseThrow();
  }
}
