package dev.retrain.util.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
  void fileOfKilledProcessIsReplaced() throws IOException {
    Path target = directory.resolve("model.pb");
    Files.write(directory.resolve(".model.pb.part"), new byte[1000]);

    AtomicFile.write(target, new byte[] {1});

    assertThat(target).hasBinaryContent(new byte[] {1});
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(target));
  }

  @Test
  void twoWritersOfOneFileDoNotMix() throws IOException {
    Path target = directory.resolve("model.pb");

    AtomicFile.write(
        target,
        out -> {
          out.write(new byte[] {1, 1});
          AtomicFile.write(target, new byte[] {2, 2});
          assertThat(target).hasBinaryContent(new byte[] {2, 2});
          out.write(1);
        });

    assertThat(target).hasBinaryContent(new byte[] {1, 1, 1});
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(target));
  }

  @Test
  void linkIsKeptAndNotFollowedFromTheTemporaryName() throws IOException {
    Path other = Files.writeString(directory.resolve("other"), "of somebody else");
    Files.createSymbolicLink(directory.resolve(".real.part"), other);
    Path real = Files.writeString(directory.resolve("real"), "old");
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);

    AtomicFile.write(link, out -> out.write('x'));

    assertThat(link).isSymbolicLink();
    assertThat(real).hasContent("x");
    assertThat(other).hasContent("of somebody else");
  }

  @Test
  void longNameIsWritten() throws IOException {
    Path target = directory.resolve("n".repeat(255));

    AtomicFile.write(target, new byte[] {1});

    assertThat(target).hasBinaryContent(new byte[] {1});
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(target));
  }

  @Test
  void filesThatBelongTogetherAreAllWrittenOrNone() throws IOException {
    Path first = Files.writeString(directory.resolve("first"), "old");
    Path second = Files.createDirectory(directory.resolve("second"));

    assertThatThrownBy(
            () ->
                AtomicFile.writeAll(
                    List.of(Map.entry(first, new byte[] {1}), Map.entry(second, new byte[] {2}))))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining(second + " can't be written: a directory has this name");
    assertThat(first).hasContent("old");

    Files.delete(second);
    AtomicFile.writeAll(
        List.of(Map.entry(first, new byte[] {1}), Map.entry(second, new byte[] {2})));
    assertThat(first).hasBinaryContent(new byte[] {1});
    assertThat(second).hasBinaryContent(new byte[] {2});
    assertThat(directory).isDirectoryNotContaining(path -> path.toString().endsWith(".part"));
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
