package dev.retrain.util.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicDirectoryTest {
  @TempDir Path directory;

  private static AtomicDirectory.Content file(String name) {
    return part -> Files.writeString(part.resolve(name), name);
  }

  @Test
  void newDirectoryContainsTheWrittenFiles() throws IOException {
    Path target = directory.resolve("above/new");

    AtomicDirectory.write(target, file("a"));

    assertThat(target).isDirectoryNotContaining(path -> !path.endsWith("a"));
    assertThat(target.resolve("a")).hasContent("a");
    assertThat(target.getParent()).isDirectoryNotContaining(path -> !path.equals(target));
  }

  @Test
  void existingDirectoryIsReplaced() throws IOException {
    Path target = directory.resolve("model");
    AtomicDirectory.write(target, file("old"));

    AtomicDirectory.write(
        target,
        part -> {
          assertThat(target.resolve("old")).exists();
          file("new").writeTo(part);
        });

    assertThat(target.resolve("new")).exists();
    assertThat(target.resolve("old")).doesNotExist();
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(target));
  }

  @Test
  void exceptionKeepsExistingDirectory() throws IOException {
    Path target = directory.resolve("model");
    AtomicDirectory.write(target, file("old"));

    assertThatThrownBy(
            () ->
                AtomicDirectory.write(
                    target,
                    part -> {
                      file("half").writeTo(part);
                      throw new IOException("disk full");
                    }))
        .hasMessageContainingAll(target.toString(), "disk full");

    assertThat(target.resolve("old")).hasContent("old");
    assertThat(target).isDirectoryNotContaining(path -> !path.endsWith("old"));
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(target));
  }

  @Test
  void linkIsKept() throws IOException {
    Path real = directory.resolve("disk/model");
    AtomicDirectory.write(real, file("old"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);

    AtomicDirectory.write(link, file("new"));

    assertThat(link).isSymbolicLink();
    assertThat(real.resolve("new")).exists();
    assertThat(real.resolve("old")).doesNotExist();
  }

  @Test
  void directoryMovedByKilledProcessIsRestored() throws IOException {
    Path target = directory.resolve("model");
    AtomicDirectory.write(directory.resolve(".model.earlier"), file("old"));

    assertThatThrownBy(
            () ->
                AtomicDirectory.write(
                    target,
                    part -> {
                      throw new IOException("disk full");
                    }))
        .hasMessageContainingAll(target.toString(), "disk full");

    assertThat(target.resolve("old")).hasContent("old");
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(target));
  }

  @Test
  void filesOfKilledProcessAreDeleted() throws IOException {
    Path target = directory.resolve("model");
    AtomicDirectory.write(target, file("old"));
    AtomicDirectory.write(directory.resolve(".model.earlier"), file("older"));

    AtomicDirectory.write(target, file("new"));

    assertThat(target).isDirectoryNotContaining(path -> !path.endsWith("new"));
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(target));
  }
}
