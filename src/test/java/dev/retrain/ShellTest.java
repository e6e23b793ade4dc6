package dev.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What shells make of the tool: completions, the manual page, the launcher, the Dockerfile. */
class ShellTest {
  private static final Path LAUNCHER = Path.of("src/main/launcher/retrain").toAbsolutePath();

  @TempDir private Path directory;

  /** What a program printed, with its complaints, and its exit code. */
  private record Said(String out, int code) {}

  private Said run(Map<String, String> environment, Object... command)
      throws IOException, InterruptedException {
    List<String> words = Arrays.stream(command).map(Object::toString).toList();
    ProcessBuilder builder =
        new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(out, process.waitFor());
  }

  private Said run(Object... command) throws IOException, InterruptedException {
    return run(Map.of(), command);
  }

  private static String program(String name) {
    // A virtual environment's programs lie beside its Python.
    String python = System.getenv("RETRAIN_PYTHON");
    Path beside =
        (python == null ? Path.of(".venv/bin/python") : Path.of(python)).resolveSibling(name);
    boolean there =
        Files.isExecutable(beside)
            || Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, name)));
    assumeTrue(there || System.getenv("CI") != null, name + " is not installed");
    return Files.isExecutable(beside) ? beside.toAbsolutePath().toString() : name;
  }

  private Path write(String name, String... arguments) throws IOException {
    Cli cli = Cli.run((Object[]) arguments);
    assertThat(cli.code()).isZero();
    return Files.writeString(directory.resolve(name), cli.out());
  }

  private List<String> bash(String line) throws IOException, InterruptedException {
    Path script = write("completion.bash", "completion", "bash");
    List<String> words = new ArrayList<>(List.of(line.split(" ", -1)));
    String quoted = String.join(" ", words.stream().map(word -> "'" + word + "'").toList());
    Said said =
        run(
            program("bash"),
            "-c",
            "source %s; COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE='%s'; _complete_retrain 2>/dev/null; printf '%%s\\n' \"${COMPREPLY[@]}\""
                .formatted(script, quoted, words.size() - 1, line));
    return said.out().lines().map(String::strip).toList();
  }

  @Test
  void bashCompletesCommandsOptionsAndValues() throws Exception {
    assertThat(bash("retrain tr")).containsExactly("train");
    assertThat(bash("retrain train --decay")).contains("--decay-steps", "--decay-rate");
    assertThat(bash("retrain train --features ")).contains("last", "multi");
    assertThat(bash("retrain train --backbone mobilenet_v1_0.25")).hasSize(4);
  }

  @Test
  void zshTakesTheScript() throws Exception {
    Path script = write("completion.zsh", "completion", "zsh");
    Said said =
        run(
            program("zsh"),
            "-fc",
            "autoload -U compinit && compinit -u; source %s; whence -w _complete_retrain"
                .formatted(script));
    assertThat(said.out()).contains("_complete_retrain: function");
    assertThat(said.code()).isZero();
  }

  private List<String> fish(String line) throws IOException, InterruptedException {
    Path script = write("completion.fish", "completion", "fish");
    Said said =
        run(
            Map.of("HOME", directory.toString()),
            program("fish"),
            "-c",
            "source %s; complete -C '%s'".formatted(script, line));
    return said.out().lines().map(text -> text.replaceFirst("\t.*", "")).toList();
  }

  @Test
  void fishCompletesCommandsOptionsValuesAndFiles() throws Exception {
    Files.writeString(directory.resolve("picture.jpg"), "");
    assertThat(fish("retrain tr")).containsExactly("train");
    assertThat(fish("retrain train --decay")).contains("--decay-steps", "--decay-rate");
    assertThat(fish("retrain train --features ")).contains("last", "multi");
    assertThat(fish("retrain bottleneck i")).contains("info", "import");
    assertThat(fish("retrain predict pic")).contains("picture.jpg");
  }

  @Test
  void theManualPageIsShownWithoutAWarning() throws Exception {
    Path page = write("retrain.1", "man");
    Said groff = run(program("groff"), "-man", "-ww", "-Tutf8", "-z", page);
    assertThat(groff.out()).isEmpty();
    Said shown = run(Map.of("MANWIDTH", "80"), program("man"), "-l", page);
    assertThat(shown.out()).contains("NAME").contains("--decay-steps").contains("EXIT STATUS");
  }

  @Test
  void theLauncherPassesAllToJavaThroughLinksAndSpaces() throws Exception {
    Path bin = Files.createDirectories(directory.resolve("with space/bin"));
    Path link = Files.createSymbolicLink(bin.resolve("retrain"), LAUNCHER);
    Path home = Files.createDirectories(directory.resolve("java home/bin"));
    Path java = home.resolve("java");
    Files.writeString(
        java,
        """
        #!/bin/sh
        if [ "$1" = -version ]; then
          echo 'openjdk version "21.0.1" 2025-01-01' >&2
        else
          printf '<%s>' "$@"
        fi
        """);
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Path jar = Files.writeString(directory.resolve("a jar.jar"), "");
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME", home.getParent().toString(),
            "RETRAIN_JAR", jar.toString(),
            "RETRAIN_JAVA_OPTS", "-Xmx1g -Da=b");
    Said said = run(environment, link, "predict", "my picture.jpg", "*");
    assertThat(said.out())
        .endsWith("<-Xmx1g><-Da=b><-jar><%s><predict><my picture.jpg><*>".formatted(jar));
    assertThat(said.code()).isZero();
  }

  @Test
  void theLauncherTellsWhatIsMissing() throws Exception {
    Path old = Files.createDirectories(directory.resolve("old/bin"));
    Path java = old.resolve("java");
    Files.writeString(java, "#!/bin/sh\necho 'java version \"1.8.0_392\"' >&2\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Path jar = Files.writeString(directory.resolve("a.jar"), "");
    Said tooOld =
        run(
            Map.of("JAVA_HOME", old.getParent().toString(), "RETRAIN_JAR", jar.toString()),
            LAUNCHER);
    assertThat(tooOld.code()).isEqualTo(1);
    assertThat(tooOld.out()).contains("1.8.0_392").contains("17 or later");
    Said none =
        run(
            Map.of("JAVA_HOME", directory.resolve("no").toString(), "RETRAIN_JAR", jar.toString()),
            LAUNCHER);
    assertThat(none.out()).contains("JAVA_HOME is").contains("no bin/java");
    Said noJar = run(Map.of("RETRAIN_JAR", directory.resolve("no.jar").toString()), LAUNCHER);
    assertThat(noJar.out()).contains("RETRAIN_JAR is");
    assertThat(noJar.code()).isEqualTo(1);
  }

  @Test
  void theLauncherAndTheDockerfileHaveNoLint() throws Exception {
    assertThat(run(program("shellcheck"), LAUNCHER)).isEqualTo(new Said("", 0));
    assertThat(run(program("hadolint"), Path.of("Dockerfile").toAbsolutePath()))
        .isEqualTo(new Said("", 0));
  }
}
