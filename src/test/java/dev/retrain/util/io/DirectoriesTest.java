package dev.retrain.util.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoriesTest {
  @TempDir Path directory;

  @Test
  void aLinkToADirectoryIsOne() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), elsewhere);
    assertThat(Directories.make(link)).isEqualTo(link);
    assertThat(Directories.make(link.resolve("a").resolve("b"))).isDirectory();
    assertThat(elsewhere.resolve("a").resolve("b")).isDirectory();
  }

  @Test
  void aFileInTheWayIsTold() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> Directories.make(file)).isInstanceOf(FileAlreadyExistsException.class);
  }
}
