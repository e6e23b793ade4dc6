package dev.retrain.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartCommandTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "target/retrain.jar quickstart | java -jar target/retrain.jar",
        "/opt/retrain-0.1.0-all.jar quickstart --dir a.jar | java -jar /opt/retrain-0.1.0-all.jar",
        "my tools/retrain.jar quickstart | java -jar 'my tools/retrain.jar'",
        "org.example.Main | java -jar retrain.jar",
      })
  void jarIsNamedAsItWasStarted(String started, String words) {
    assertThat(StartCommand.words(started)).isEqualTo(words);
  }

  @Test
  void launcherIsNamedInsteadOfItsJar() throws Exception {
    Files.createDirectory(directory.resolve("lib"));
    Files.createFile(Files.createDirectory(directory.resolve("bin")).resolve("retrain"));
    assertThat(StartCommand.words(directory.resolve("lib/retrain.jar") + " quickstart"))
        .isEqualTo("retrain");
  }
}
