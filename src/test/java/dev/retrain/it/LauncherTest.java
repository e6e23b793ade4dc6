package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.testing.Tool;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script {@code bin/retrain}, with a fake Java. */
class LauncherTest {
  private static final Path SCRIPT = Path.of("src", "main", "dist", "bin", "retrain");

  /** Prints its name, its process ID and its arguments. */
  private static final String JAVA =
      """
      #!/bin/sh
      echo "$0 as $$"
      printf '<%s>\\n' "$@"
      """;

  @TempDir private Path temporary;
  private Path directory;
  private Path home;

  @BeforeEach
  void install() throws IOException {
    Assumptions.assumeFalse(File.separatorChar == '\\', "a script for sh");
    // Without symbolic links, so that paths can be compared.
    directory = temporary.toRealPath();
    home = directory.resolve("some tools").resolve("retrain-1");
    Files.createDirectories(home.resolve("bin"));
    Files.createDirectories(home.resolve("lib"));
    Files.copy(SCRIPT, home.resolve("bin/retrain"));
    executable(home.resolve("bin/retrain"));
    Files.writeString(home.resolve("lib/retrain.jar"), "");
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Creates a Java home; an empty version creates no release file. */
  private Path java(String name, String version, String script) throws IOException {
    Path java = directory.resolve(name);
    Files.createDirectories(java.resolve("bin"));
    executable(Files.writeString(java.resolve("bin/java"), script));
    if (!version.isEmpty()) {
      Files.writeString(
          java.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"%s\"\n".formatted(version));
    }
    return java;
  }

  private record Started(int code, String out, String err, long pid) {}

  private Started start(Path launcher, Path javaHome, String path, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().remove("JAVA_HOME");
    if (javaHome != null) {
      builder.environment().put("JAVA_HOME", javaHome.toString());
    }
    builder.environment().put("PATH", path);
    builder.environment().put("RETRAIN_JAVA_OPTS", "-Xmx1g  -Dx=y");
    Path err = directory.resolve("err");
    Process process = builder.redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Started(process.waitFor(), out, Files.readString(err), process.pid());
  }

  private static String path() {
    return System.getenv("PATH");
  }

  @Test
  void replacesItselfWithJavaAndPassesArgumentsUnchanged() throws Exception {
    Path java = java("my java", "17.0.2", JAVA);
    Started started =
        start(home.resolve("bin/retrain"), java, path(), "train", "-i", "my photos", "*", "", "$x");
    assertThat(started.err()).isEmpty();
    assertThat(started.out().lines())
        .containsExactly(
            java + "/bin/java as " + started.pid(),
            "<-XX:TieredStopAtLevel=1>",
            "<-Xmx1g>",
            "<-Dx=y>",
            "<-jar>",
            "<" + home.resolve("lib/retrain.jar") + ">",
            "<train>",
            "<-i>",
            "<my photos>",
            "<*>",
            "<>",
            "<$x>");
  }

  /** The locale that Java gets; an empty variable is not set. */
  @ParameterizedTest
  @CsvSource({
    "C, '', '', C.UTF-8",
    "POSIX, '', en_US.UTF-8, C.UTF-8",
    "'', '', '', C.UTF-8",
    "'', C, de_DE.UTF-8, C.UTF-8",
    "'', '', de_DE.ISO-8859-1, C.UTF-8",
    "'', '', de_DE.UTF-8, ''",
    "'', ja_JP.utf8, C, ''",
    "fa_IR.UTF-8, '', C, fa_IR.UTF-8",
    "'', '', ca_ES.UTF-8@valencia, ''"
  })
  void localeIsUtf8(String all, String type, String lang, String passed) throws Exception {
    Path java = java("java", "17", "#!/bin/sh\necho \"[${LC_ALL:-}]\"\n");
    ProcessBuilder builder = new ProcessBuilder(home.resolve("bin/retrain").toString());
    Map<String, String> environment = builder.environment();
    environment.put("JAVA_HOME", java.toString());
    environment.putAll(Map.of("LC_ALL", all, "LC_CTYPE", type, "LANG", lang));
    environment.values().removeIf(String::isEmpty);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(out.strip()).isEqualTo("[" + passed + "]");
  }

  @Test
  void symbolicLinksAreFollowed() throws Exception {
    Path links = Files.createDirectories(directory.resolve("links"));
    Path first = links.resolve("first");
    Files.createSymbolicLink(first, Path.of("..", "some tools", "retrain-1", "bin", "retrain"));
    Path second = Files.createSymbolicLink(links.resolve("retrain"), first);
    Started started = start(second, java("java", "25", JAVA), path());
    assertThat(started.out()).contains("<" + home.resolve("lib/retrain.jar") + ">");
  }

  @Test
  void javaOnPathIsUsedWithoutJavaHome() throws Exception {
    Path java = java("jdk", "21.0.1", JAVA);
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("java"), java.resolve("bin/java"));
    Started started = start(home.resolve("bin/retrain"), null, bin + ":" + path());
    assertThat(started.err()).isEmpty();
    assertThat(started.out()).startsWith(bin + "/java as ");
  }

  @Test
  void oldJavaIsRefused() throws Exception {
    Path java = java("java 11", "11.0.20", JAVA);
    Started started = start(home.resolve("bin/retrain"), java, path());
    assertThat(started.code()).isEqualTo(1);
    assertThat(started.out()).isEmpty();
    assertThat(started.err()).contains(java + "/bin/java", "11", "17");
  }

  @Test
  void javaWithoutReleaseFileIsAskedForItsVersion() throws Exception {
    String script = "#!/bin/sh\necho 'openjdk version \"%s\"' >&2\n";
    assertThat(
            start(
                home.resolve("bin/retrain"), java("8", "", script.formatted("1.8.0_402")), path()))
        .extracting(Started::code)
        .isEqualTo(1);
    assertThat(start(home.resolve("bin/retrain"), java("18", "", script.formatted("18")), path()))
        .extracting(Started::code)
        .isEqualTo(0);
  }

  @Test
  void missingJavaIsReported() throws Exception {
    Path tools = Files.createDirectories(directory.resolve("tools"));
    for (String name : List.of("dirname", "basename", "readlink", "sed")) {
      Files.createSymbolicLink(tools.resolve(name), Tool.require(name).program());
    }
    Started none = start(home.resolve("bin/retrain"), null, tools.toString());
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("JAVA_HOME");
    Started wrong = start(home.resolve("bin/retrain"), directory.resolve("gone"), path());
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.err()).contains(directory.resolve("gone").toString());
  }

  @Test
  void missingJarIsReported() throws Exception {
    Files.delete(home.resolve("lib/retrain.jar"));
    Started started = start(home.resolve("bin/retrain"), java("java", "17", JAVA), path());
    assertThat(started.code()).isEqualTo(1);
    assertThat(started.err()).contains(home.resolve("lib/retrain.jar").toString());
  }
}
