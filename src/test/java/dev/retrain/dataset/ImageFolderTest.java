package dev.retrain.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  @TempDir Path directory;

  private void file(String name) throws IOException {
    Path path = directory.resolve(name);
    Files.createDirectories(path.getParent());
    Files.writeString(path, name);
  }

  private void classes(String... labels) throws IOException {
    for (String label : labels) {
      for (int i = 0; i < 3; i++) {
        file(label + "/" + i + ".jpg");
      }
    }
  }

  private static void assumeUnicodeNames() {
    assumeThat(System.getProperty("sun.jnu.encoding")).isEqualTo("UTF-8");
  }

  private List<String> names() throws IOException {
    return ImageFolder.scan(directory).files().stream().map(ImageFile::name).toList();
  }

  @Test
  void labelsAreTheNamesOfTheFolders() throws IOException {
    classes("Black-Cat & Co.", "b_CAT", "2 dogs");

    assertThat(ImageFolder.scan(directory).labels())
        .containsExactly("2 dogs", "Black-Cat & Co.", "b_CAT");
  }

  @Test
  void upperCaseSortsBeforeLowerCase() throws IOException {
    classes("a", "B", "Z", "c");

    assertThat(ImageFolder.scan(directory).labels()).containsExactly("B", "Z", "a", "c");
  }

  @Test
  void classesAreSortedByCodePointsBeyondTheBasicPlane() throws IOException {
    assumeUnicodeNames();
    String cat = Character.toString(0x1F408);
    String fullWidth = "\uFF21";
    classes(cat, fullWidth, "\u00FCber");

    assertThat(ImageFolder.scan(directory).labels()).containsExactly("\u00FCber", fullWidth, cat);
  }

  @Test
  void filesAreSortedByClassAndName() throws IOException {
    for (String name : List.of("b/2.jpg", "b/10.jpg", "b/A.jpg", "a/z.png", "a/b/1.jpg", "a/y")) {
      file(name);
    }

    ImageFolder folder = ImageFolder.scan(directory);

    assertThat(folder.files())
        .containsExactly(
            new ImageFile(directory.resolve("a/b/1.jpg"), "a/b/1.jpg", 0),
            new ImageFile(directory.resolve("a/y"), "a/y", 0),
            new ImageFile(directory.resolve("a/z.png"), "a/z.png", 0),
            new ImageFile(directory.resolve("b/10.jpg"), "b/10.jpg", 1),
            new ImageFile(directory.resolve("b/2.jpg"), "b/2.jpg", 1),
            new ImageFile(directory.resolve("b/A.jpg"), "b/A.jpg", 1));
    assertThat(folder.notices()).isEmpty();
  }

  @Test
  void hiddenFilesAndSystemFilesAreIgnored() throws IOException {
    classes("a", "b");
    for (String name :
        List.of(
            "a/.DS_Store",
            "a/.thumbnails/1.jpg",
            "a/Thumbs.db",
            "b/deep/THUMBS.DB",
            "b/desktop.ini",
            ".git/config",
            "Thumbs.db",
            ".hidden")) {
      file(name);
    }

    assertThat(names())
        .containsExactly("a/0.jpg", "a/1.jpg", "a/2.jpg", "b/0.jpg", "b/1.jpg", "b/2.jpg");
    assertThat(ImageFolder.scan(directory).labels()).containsExactly("a", "b");
    assertThat(ImageFolder.scan(directory).notices()).isEmpty();
  }

  @Test
  void contentOfHiddenFolderIsIgnored() throws IOException {
    classes("a", "b");
    file("a/.cache/1.jpg");
    Files.createSymbolicLink(directory.resolve("a/.cache/loop"), directory.resolve("a"));

    assertThat(names()).hasSize(6);
  }

  @Test
  void systemFilesAreNotCountedAsImages() throws IOException {
    classes("a");
    file("b/1.jpg");
    file("b/2.jpg");
    file("b/Thumbs.db");

    assertThatThrownBy(() -> ImageFolder.scan(directory))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll("'b'", "2");
  }

  @Test
  void looseFilesAreIgnoredWithNotice() throws IOException {
    classes("a", "b");
    file("readme.txt");

    assertThat(ImageFolder.scan(directory).notices())
        .singleElement()
        .asString()
        .contains("1 file ", directory.toString());

    file("stray.jpg");

    assertThat(ImageFolder.scan(directory).notices())
        .singleElement()
        .asString()
        .contains("2 files ", directory.toString());
    assertThat(names()).noneMatch(name -> name.contains("stray") || name.contains("readme"));
  }

  @Test
  void classOfTwoImagesIsReported() throws IOException {
    classes("cats");
    file("dogs/1.jpg");
    file("dogs/2.jpg");

    assertThatThrownBy(() -> ImageFolder.scan(directory))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll("'dogs'", "2", "3");
  }

  @Test
  void emptyClassFolderIsReported() throws IOException {
    classes("cats", "dogs");
    Files.createDirectory(directory.resolve("empty"));

    assertThatThrownBy(() -> ImageFolder.scan(directory))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll("'empty'", "0");
  }

  @Test
  void singleClassIsReported() throws IOException {
    classes("cats");
    Files.createDirectory(directory.resolve(".git"));

    assertThatThrownBy(() -> ImageFolder.scan(directory))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("'cats'")
        .hasMessageContaining(directory.toString());
  }

  @Test
  void directoryWithoutFoldersIsReported() throws IOException {
    file("1.jpg");

    assertThatThrownBy(() -> ImageFolder.scan(directory))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(directory.toString());
  }

  @Test
  void missingDirectoryIsReported() {
    Path missing = directory.resolve("missing");

    assertThatThrownBy(() -> ImageFolder.scan(missing))
        .isInstanceOfSatisfying(
            RetrainException.class,
            e -> assertThat(e.settings()).containsExactly(Setting.IMAGE_DIRECTORY))
        .hasMessageContaining(missing.toString());
  }

  @Test
  void fileInsteadOfDirectoryIsReported() throws IOException {
    file("images.zip");

    assertThatThrownBy(() -> ImageFolder.scan(directory.resolve("images.zip")))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("images.zip");
  }

  @Test
  void linkToParentFolderIsReported() throws IOException {
    classes("a", "b");
    Path link = Files.createSymbolicLink(directory.resolve("a/again"), directory.resolve("a"));

    assertThatThrownBy(() -> ImageFolder.scan(directory))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(link.toString());
  }

  @Test
  void linksToFoldersAreFollowed(@TempDir Path elsewhere) throws IOException {
    classes("a");
    for (int i = 0; i < 3; i++) {
      Files.writeString(elsewhere.resolve(i + ".png"), "");
    }
    Files.createSymbolicLink(directory.resolve("linked"), elsewhere);

    assertThat(names()).contains("linked/0.png", "linked/1.png", "linked/2.png").hasSize(6);
  }

  @Test
  void controlCharacterInClassNameIsReported() throws IOException {
    classes("a", "two\nlines");

    assertThatThrownBy(() -> ImageFolder.scan(directory))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("'two\\nlines'");
  }

  @Test
  void threeReadableImagesPerClassAreRequired() throws IOException {
    classes("a", "b");
    ImageFolder folder = ImageFolder.scan(directory);

    assertThatCode(() -> folder.checkReadable(folder.files())).doesNotThrowAnyException();
    assertThatThrownBy(() -> folder.checkReadable(folder.files().subList(0, 5)))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll("'b'", "2");
  }
}
