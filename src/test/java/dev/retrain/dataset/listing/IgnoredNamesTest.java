package dev.retrain.dataset.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.dataset.ImageFolder;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other programs leave in directories is ignored at every level. */
class IgnoredNamesTest {
  @TempDir private Path directory;

  private Path write(String file) throws IOException {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, "x");
  }

  private void writeClasses() throws IOException {
    for (String name : List.of("cat/0", "cat/1", "cat/in/2", "dog/0", "dog/1", "dog/2")) {
      write(name + ".png");
    }
  }

  private List<String> iterated() {
    List<String> files = new ArrayList<>();
    new ImageFileIterator(directory)
        .forEachRemaining(file -> files.add(directory.relativize(file).toString()));
    return files;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "__MACOSX/0.png",
        "$RECYCLE.BIN/0.png",
        "System Volume Information/0.png",
        "@eaDir/0.png/SYNOPHOTO_THUMB_M.jpg",
        "#recycle/0.png",
        ".AppleDouble/0.png",
        ".Trashes/0.png",
        ".ipynb_checkpoints/0-checkpoint.png",
        "lost+found/0.png",
        "Thumbs.db",
        "ehthumbs.db",
        "ehthumbs_vista.db",
        "Picasa.ini",
        ".picasa.ini",
        "desktop.ini",
        ".DS_Store",
        "._0.png",
        "THUMBS.DB",
        "@EADIR/0.jpg"
      })
  void isIgnoredAtEveryLevel(String litter) throws IOException {
    writeClasses();
    List<String> clean = iterated();
    for (String parent : List.of("", "cat/", "cat/in/")) {
      write(parent + litter);
    }
    ImageFolder folder = ImageFolder.scan(directory);
    assertThat(folder.labels()).containsExactly("cat", "dog");
    assertThat(folder.files()).hasSize(6);
    assertThat(folder.notices()).isEmpty();
    assertThat(iterated()).isEqualTo(clean);
  }

  @Test
  void fileWithTheNameOfSuchDirectoryIsUsed() throws IOException {
    writeClasses();
    write("cat/lost+found");
    assertThat(ImageFolder.scan(directory).files()).hasSize(7);
  }

  @Test
  void directoryOneLevelTooShallowIsNamed() throws IOException {
    for (String name : List.of("cat", "dog")) {
      write("photos/" + name + "/0.png");
    }
    assertThatThrownBy(() -> ImageFolder.scan(directory))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("use " + directory.resolve("photos") + " instead");
  }

  @Test
  void directoryOneLevelTooDeepIsNamed() throws IOException {
    writeClasses();
    assertThatThrownBy(() -> ImageFolder.scan(directory.resolve("dog")))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("use " + directory.toAbsolutePath().normalize() + " instead");
  }
}
