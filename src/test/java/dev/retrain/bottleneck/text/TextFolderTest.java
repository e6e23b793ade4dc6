package dev.retrain.bottleneck.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.dataset.ImageFile;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFolderTest {
  @TempDir private Path directory;

  private void add(String... names) throws IOException {
    for (String name : names) {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "1.0");
    }
  }

  private TextFolder list(String architecture) throws IOException {
    return TextFolder.list(directory, Optional.ofNullable(architecture));
  }

  private static void assertNamesArchitecture(Throwable failure) {
    assertThat(((RetrainException) failure).settings()).containsExactly(Setting.ARCHITECTURE);
  }

  private static List<String> names(TextFolder folder) {
    return folder.folder().files().stream().map(ImageFile::name).toList();
  }

  @Test
  void architectureIsInferredFromFileNames() throws IOException {
    add(
        "cat/b.jpg_inception_v3.txt",
        "cat/a (1).JPEG_inception_v3.txt",
        "dog/봄.png_inception_v3.txt");
    TextFolder folder = list(null);
    assertThat(folder.architecture()).isEqualTo("inception_v3");
    assertThat(folder.folder().labels()).containsExactly("cat", "dog");
    assertThat(names(folder)).containsExactly("cat/a (1).JPEG", "cat/b.jpg", "dog/봄.png");
    assertThat(folder.folder().files().get(1))
        .isEqualTo(new ImageFile(directory.resolve("cat/b.jpg_inception_v3.txt"), "cat/b.jpg", 0));
  }

  @Test
  void firstLayoutHasNoArchitecture() throws IOException {
    add("cat/b.jpg.txt", "cat/a_b.jpg_1.jpg.txt");
    TextFolder folder = list(null);
    assertThat(folder.architecture()).isEmpty();
    assertThat(names(folder)).containsExactly("cat/a_b.jpg_1.jpg", "cat/b.jpg");
  }

  @Test
  void imageNameMayContainAnArchitecture() throws IOException {
    add("cat/x.jpg_nohash_1.png_mobilenet_0.25_224.txt", "cat/x.jpg_mobilenet_0.25_224.txt");
    TextFolder folder = list(null);
    assertThat(folder.architecture()).isEqualTo("mobilenet_0.25_224");
    assertThat(names(folder)).containsExactly("cat/x.jpg", "cat/x.jpg_nohash_1.png");
  }

  @Test
  void filesAreSortedByImageName() throws IOException {
    // As file names they are the other way round: '_' comes after '.' and before 'b'.
    add("cat/x.jpg.jpg_v3.txt", "cat/x.jpg_v3.txt");
    assertThat(names(list(null))).containsExactly("cat/x.jpg", "cat/x.jpg.jpg");
  }

  @Test
  void severalArchitecturesRequireASelection() throws IOException {
    add(
        "cat/a.jpg_inception_v3.txt",
        "cat/b.jpg_inception_v3.txt",
        "cat/a.jpg.txt",
        "cat/c.jpg_v3.txt");
    assertThatThrownBy(() -> list(null))
        .isInstanceOf(RetrainException.class)
        .satisfies(TextFolderTest::assertNamesArchitecture)
        .message()
        .contains(directory.toString(), "'inception_v3' (2 files)", "'v3' (1 file)");
    assertThat(names(list("inception_v3"))).containsExactly("cat/a.jpg", "cat/b.jpg");
    assertThat(names(list(""))).containsExactly("cat/a.jpg");
    // Not those that only end alike.
    assertThat(names(list("v3"))).containsExactly("cat/c.jpg");
    assertThatThrownBy(() -> list("v4"))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("'_v4.txt'")
        .hasMessageContaining("'inception_v3' (2 files)");
  }

  @Test
  void selectedArchitectureAcceptsAnyImageName() throws IOException {
    add("cat/scan_1_inception_v3.txt", "cat/scan.heic_inception_v3.txt");
    assertThatThrownBy(() -> list(null))
        .isInstanceOf(RetrainException.class)
        .satisfies(TextFolderTest::assertNamesArchitecture);
    assertThat(names(list("inception_v3"))).containsExactly("cat/scan.heic", "cat/scan_1");
    assertThat(names(list("")))
        .containsExactly("cat/scan.heic_inception_v3", "cat/scan_1_inception_v3");
  }

  @Test
  void otherFilesAreIgnored() throws IOException {
    add("cat/a.jpg_v3.txt", "cat/a.jpg", "cat/notes.txt", "cat/.a.jpg_v3.txt.12.part");
    assertThat(names(list(null))).containsExactly("cat/a.jpg");
  }

  @Test
  void pathIsDerivedFromTheName() {
    assertThat(TextFolder.file(directory, "cat/a.jpg", "v3"))
        .isEqualTo(directory.resolve("cat").resolve("a.jpg_v3.txt"));
    assertThat(TextFolder.file(directory, "cat/a.jpg", ""))
        .isEqualTo(directory.resolve("cat").resolve("a.jpg.txt"));
    assertThat(TextFolder.file(Path.of("."), "cat/a.jpg", "v3"))
        .isEqualTo(Path.of(".", "cat", "a.jpg_v3.txt"));
  }

  @Test
  void nameOutsideOfTheDirectoryIsRejected() {
    for (String name : List.of("../a.jpg", "cat/../../a.jpg", "/a.jpg")) {
      assertThatThrownBy(() -> TextFolder.file(directory, name, "v3"))
          .isInstanceOf(RetrainException.class)
          .hasMessageContaining(name);
    }
  }
}
