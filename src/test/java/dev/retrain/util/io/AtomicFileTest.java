package dev.retrain.util.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path directory;

  @Test
  void newFileContainsTheWrittenBytes() throws IOException {
    Path target = directory.resolve("new.bin");

    AtomicFile.write(target, new byte[] {1, 2, 3});

    assertThat(target).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(target));
  }

  @Test
  void longerFileIsReplaced() throws IOException {
    Path target = Files.writeString(directory.resolve("labels.txt"), "a much longer content");

    AtomicFile.write(target, out -> out.write('x'));

    assertThat(target).hasContent("x");
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(target));
  }

  @Test
  void missingDirectoriesAreCreated() throws IOException {
    Path target = directory.resolve("a/b/c.txt");

    AtomicFile.write(target, new byte[] {7});

    assertThat(target).hasBinaryContent(new byte[] {7});
  }

  @Test
  void existingFileIsKeptUntilNewOneIsComplete() throws IOException {
    Path target = Files.writeString(directory.resolve("model.pb"), "old");

    AtomicFile.write(
        target,
        out -> {
          out.write('n');
          out.flush();
          assertThat(target).hasContent("old");
        });

    assertThat(target).hasContent("n");
  }

  @Test
  void ioExceptionKeepsOnlyTheExistingFile() throws IOException {
    Path target = Files.writeString(directory.resolve("model.pb"), "old");
    IOException fault = new IOException("disk full");

    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    target,
                    out -> {
                      out.write(new byte[100_000]);
                      throw fault;
                    }))
        .isSameAs(fault);

    assertThat(target).hasContent("old");
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(target));
  }

  @Test
  void exceptionOfWriterLeavesNoFile() {
    Path target = directory.resolve("model.pb");

    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    target,
                    out -> {
                      out.write(1);
                      throw new IllegalStateException("half done");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void existingDirectoryIsNotReplaced() throws IOException {
    Path target = Files.createDirectory(directory.resolve("model.pb"));
    Path inside = Files.writeString(target.resolve("kept"), "kept");

    assertThatThrownBy(() -> AtomicFile.write(target, new byte[] {1}))
        .isInstanceOf(IOException.class);

    assertThat(inside).hasContent("kept");
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(target));
  }
}
