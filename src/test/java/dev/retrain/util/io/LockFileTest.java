package dev.retrain.util.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockFileTest {
  @TempDir Path directory;

  @Test
  void lockIsExclusiveAndItsFileIsDeleted() throws IOException {
    Path output = directory.resolve("model.pb");
    try (LockFile first = LockFile.beside(output).orElseThrow()) {
      assertThat(first).isNotNull();
      assertThat(LockFile.beside(output)).isEmpty();
      assertThat(directory.resolve(".model.pb.lock")).exists();
    }
    assertThat(directory).isEmptyDirectory();
    try (LockFile second = LockFile.beside(output).orElseThrow()) {
      assertThat(second).isNotNull();
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void fileOfKilledProcessDoesNotLock() throws IOException {
    Files.createFile(directory.resolve(".model.pb.lock"));
    try (LockFile lock = LockFile.beside(directory.resolve("model.pb")).orElseThrow()) {
      assertThat(lock).isNotNull();
    }
    assertThat(directory).isEmptyDirectory();
  }
}
