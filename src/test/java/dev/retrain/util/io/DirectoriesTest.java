package dev.retrain.util.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoriesTest {
  @TempDir Path directory;

  @Test
  void linkToDirectoryIsAccepted() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), elsewhere);
    assertThat(Directories.create(link)).isEqualTo(link);
    assertThat(Directories.create(link.resolve("a").resolve("b"))).isDirectory();
    assertThat(elsewhere.resolve("a").resolve("b")).isDirectory();
  }

  @Test
  void existingFileIsReported() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> Directories.create(file)).isInstanceOf(OutputException.class);
  }
}
