package dev.retrain.util.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HardLinkTest {
  @TempDir Path directory;

  @Test
  void bothNamesReferToOneFile() throws IOException {
    Path file = Files.writeString(directory.resolve("a"), "content");
    Path target = directory.resolve("deep/er/b");

    assertThat(HardLink.linkOrCopy(file, target)).isTrue();

    assertThat(Files.isSameFile(file, target)).isTrue();
    Files.delete(file);
    assertThat(target).hasContent("content");
  }

  @Test
  void symbolicLinkIsResolved() throws IOException {
    Files.writeString(directory.resolve("a"), "content");
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("a"));

    HardLink.linkOrCopy(link, directory.resolve("deep/b"));

    assertThat(directory.resolve("deep/b")).isRegularFile().hasContent("content");
    assertThat(Files.isSymbolicLink(directory.resolve("deep/b"))).isFalse();
  }

  @Test
  void existingTargetIsKept() throws IOException {
    Path file = Files.writeString(directory.resolve("a"), "new");
    Path target = Files.writeString(directory.resolve("b"), "old");

    assertThatThrownBy(() -> HardLink.linkOrCopy(file, target))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(target).hasContent("old");
  }

  @Test
  void missingFileIsReported() {
    assertThatThrownBy(() -> HardLink.linkOrCopy(directory.resolve("none"), directory.resolve("b")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("none");
    assertThat(directory.resolve("b")).doesNotExist();
  }

  @Test
  void fileIsCopiedToAnotherFileSystem() throws IOException {
    Path memory = Path.of("/dev/shm");
    assumeThat(memory).isDirectory().isWritable();
    assumeThat(Files.getFileStore(memory)).isNotEqualTo(Files.getFileStore(directory));
    Path file = Files.writeString(directory.resolve("a"), "content");
    Path elsewhere = Files.createTempDirectory(memory, "retrain");
    Path target = elsewhere.resolve("b");
    try {
      assertThat(HardLink.linkOrCopy(file, target)).isFalse();
      assertThat(target).hasContent("content");
    } finally {
      Files.deleteIfExists(target);
      Files.delete(elsewhere);
    }
  }
}
