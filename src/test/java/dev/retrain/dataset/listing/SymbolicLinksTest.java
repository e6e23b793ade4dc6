package dev.retrain.dataset.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.split.DuplicateGroups;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.dataset.split.Splitter;
import dev.retrain.image.SkippedFile;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Symbolic links in a directory of images. */
class SymbolicLinksTest {
  @TempDir private Path directory;
  private Path images;

  @BeforeEach
  void write() throws IOException {
    images = directory.resolve("images");
    for (String name : List.of("cat/1.jpg", "cat/2.jpg", "cat/3.jpg", "dog/4.jpg")) {
      write(images.resolve(name));
    }
    for (String name : List.of("5.jpg", "deep/6.jpg", "deep/7.jpg")) {
      write(directory.resolve("elsewhere").resolve(name));
    }
  }

  private static void write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, file.getFileName().toString());
  }

  private void link(String link, String target) throws IOException {
    Files.createDirectories(images.resolve(link).getParent());
    Files.createSymbolicLink(images.resolve(link), Path.of(target));
  }

  private List<String> names() throws IOException {
    return ImageFolder.list(images).files().stream().map(ImageFile::name).toList();
  }

  @Test
  void linksToFilesAndFoldersAreFollowed() throws IOException {
    link("bird", "../elsewhere");
    link("cat/link.jpg", "../../elsewhere/5.jpg");
    link("cat/more", directory.resolve("elsewhere/deep").toString());
    link("dog/chain", "second");
    link("dog/second", "../../elsewhere/deep");
    assertThat(names())
        .containsExactly(
            "bird/5.jpg",
            "bird/deep/6.jpg",
            "bird/deep/7.jpg",
            "cat/1.jpg",
            "cat/2.jpg",
            "cat/3.jpg",
            "cat/link.jpg",
            "cat/more/6.jpg",
            "cat/more/7.jpg",
            "dog/4.jpg",
            "dog/chain/6.jpg",
            "dog/chain/7.jpg",
            "dog/second/6.jpg",
            "dog/second/7.jpg");
  }

  @Test
  void directoryItselfMayBeALink() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), images);
    ImageFolder folder = ImageFolder.list(link);
    assertThat(folder.files().stream().map(ImageFile::name)).isEqualTo(names());
    assertThat(folder.directory()).isEqualTo(link);
  }

  /** Links to make, the link that the message names, and what it says. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "loop -> .                      | loop       | leads to a directory that contains it",
        "loop -> ..                     | loop       | leads to a directory that contains it",
        "loop -> ../images              | loop       | leads to a directory that contains it",
        "cat/loop -> .                  | cat/loop   | leads to a directory that contains it",
        "cat/loop -> ..                 | cat/loop   | leads to a directory that contains it",
        "cat/a/b/loop -> ../../../cat   | cat/a/b/loop | leads to a directory that contains it",
        "cat/loop -> loop               | cat/loop   | leads back to itself",
        "cat/a -> b, cat/b -> a         | cat/       | leads back to itself",
        "loop -> loop                   | loop       | leads back to itself",
        "bird -> /none/birds            | bird       | leads to /none/birds, which does not exist",
        "bird -> ../none                | bird       | images/../none, which does not exist",
        "bird -> other, other -> none   | bird       | images/none, which does not exist",
      })
  void linkThatCanNotBeFollowedIsRefused(String links, String named, String problem)
      throws IOException {
    for (String each : links.split(", ", -1)) {
      link(each.split(" -> ", -1)[0], each.split(" -> ", -1)[1]);
    }
    assertThatThrownBy(this::names)
        .isInstanceOf(RetrainException.class)
        .hasMessageStartingWith("The link " + images.resolve(named))
        .hasMessageContaining(problem)
        .hasMessageContaining("remove the link");
  }

  /** Two folders that link to one another are a cycle only together. */
  @Test
  void cycleOverTwoClassesIsRefused() throws IOException {
    link("cat/dogs", "../dog");
    link("dog/cats", "../cat");
    assertThatThrownBy(this::names)
        .isInstanceOf(RetrainException.class)
        .hasMessageStartingWith("The link " + images.resolve("cat/dogs/cats"))
        .hasMessageContaining("leads to a directory that contains it");
  }

  @Test
  void missingTargetOfAFileIsNamedWhenItIsRead() throws IOException {
    link("cat/0.jpg", "../gone/0.jpg");
    Path file = ImageFolder.list(images).files().get(0).path();
    assertThat(SkippedFile.from(file, new NoSuchFileException("x")).reason())
        .isEqualTo(
            "it is a link that leads to %s, which does not exist"
                .formatted(images.resolve("cat/../gone/0.jpg")));
  }

  @Test
  void linkToMissingFileWithoutClassIsRefused() throws IOException {
    link("readme.txt", "none.txt");
    assertThatThrownBy(this::names).hasMessageContaining("readme.txt leads to");
    Files.delete(images.resolve("readme.txt"));
    link(".hidden", "none");
    assertThat(names()).hasSize(4);
  }

  /** One file under several names, in one class and in two: never trained on and tested. */
  @Test
  void sameFileThroughLinksIsADuplicate() throws IOException {
    for (int i = 10; i < 60; i++) {
      write(images.resolve("cat/%d.jpg".formatted(i)));
      write(images.resolve("dog/%d.jpg".formatted(i + 100)));
      link("dog/link%d.jpg".formatted(i), "../cat/%d.jpg".formatted(i));
    }
    link("wolf", "dog");
    ImageFolder folder = ImageFolder.scan(images);
    List<LabeledImage> byName =
        Splitter.split(folder, folder.files(), SplitOptions.DEFAULT).images();
    Map<Path, ContentHash> hashes = new HashMap<>();
    for (LabeledImage image : byName) {
      hashes.put(image.path(), ContentHash.of(Files.readAllBytes(image.path())));
    }
    Map<String, Set<Partition>> partitions = new HashMap<>();
    for (LabeledImage image : DuplicateGroups.mergePartitions(byName, hashes)) {
      String content = Files.readString(image.path(), StandardCharsets.UTF_8);
      partitions.computeIfAbsent(content, key -> new HashSet<>()).add(image.partition());
    }
    assertThat(partitions).hasSize(104);
    assertThat(partitions.values()).allSatisfy(sets -> assertThat(sets).hasSize(1));
    assertThat(byName.size()).isGreaterThan(2 * 104);
  }
}
