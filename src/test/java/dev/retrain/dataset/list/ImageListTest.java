package dev.retrain.dataset.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.dataset.split.Splitter;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageListTest {
  @TempDir private Path directory;

  private void create(String folder, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      create(folder + "/%s_%04d.jpg".formatted(folder.replace('/', '_'), i));
    }
  }

  private void create(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
  }

  private ImageList list(Optional<String> groupBy, List<String> classes, Optional<Integer> max) {
    return new ImageList(
        new ImageLocation.Directory(directory, true), groupBy, Optional.empty(), classes, max);
  }

  private ImageList sample(int max) {
    return list(Optional.empty(), List.of(), Optional.of(max));
  }

  private static Map<Partition, Integer> sets(ImageFolder folder) {
    Map<Partition, Integer> sets = new EnumMap<>(Partition.class);
    for (LabeledImage image :
        Splitter.split(folder, folder.files(), SplitOptions.DEFAULT).images()) {
      sets.merge(image.partition(), 1, Integer::sum);
    }
    return sets;
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 40, 100, 399})
  void aSampleKeepsTheProportionsOfTheSets(int max) throws IOException {
    create("cat", 400);
    ImageFolder all = ImageList.of(directory).list();
    Map<Partition, Integer> sets = sets(all);
    ImageFolder sampled = sample(max).list();
    assertThat(sampled.files()).hasSize(max);
    sets(sampled)
        .forEach(
            (partition, count) ->
                assertThat((double) count)
                    .as("%s", partition)
                    .isBetween(
                        sets.get(partition) * max / 400.0 - 1,
                        sets.get(partition) * max / 400.0 + 1));
    // The same in every run, and whatever other classes there are.
    create("dog", 30);
    assertThat(sample(max).list().files().stream().filter(file -> file.label() == 0))
        .isEqualTo(sampled.files());
  }

  @Test
  void copiesOfImagesThatAreNotUsedAreNotUsed() throws IOException {
    create("cat", 10);
    for (int i = 0; i < 10; i++) {
      create("cat/cat_%04d.jpg_nohash_1.png".formatted(i));
    }
    List<ImageFile> files = sample(4).list().files();
    assertThat(files).hasSize(8);
    assertThat(files.stream().filter(file -> file.name().contains("_nohash_")))
        .allSatisfy(
            copy ->
                assertThat(files)
                    .extracting(ImageFile::name)
                    .contains(copy.name().replaceFirst("_nohash_.*", "")));
    Path exclude = directory.resolveSibling("exclude.txt");
    Files.writeString(
        exclude, "cat/cat_0003.jpg\n" + directory.resolve("cat/cat_0004.jpg") + "\nno\n");
    ImageFolder rest =
        new ImageList(
                new ImageLocation.Directory(directory, true),
                Optional.empty(),
                Optional.of(exclude),
                List.of(),
                Optional.empty())
            .list();
    assertThat(rest.files()).hasSize(16).noneMatch(file -> file.name().matches(".*000[34].*"));
    assertThat(rest.notices())
        .hasSize(1)
        .first()
        .asString()
        .startsWith("1 path of ")
        .endsWith("no.");
    assertThat(rest.origin().facts())
        .containsExactly("Excluded 4 files listed in " + exclude + ".");
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void groupsAreFoundInNames(String regex, List<String> expected) throws IOException {
    create("cat", 30);
    ImageList list = list(Optional.of(regex), List.of(), Optional.empty());
    assertThat(
            list.list().files().stream()
                .flatMap(file -> file.hints().group().stream())
                .distinct()
                .toList())
        .isEqualTo(expected);
  }

  static Stream<Arguments> patterns() {
    return Stream.of(
        Arguments.of("_..(.)", List.of("0", "1", "2")),
        Arguments.of("_..(?:.)", List.of("_000", "_001", "_002")),
        Arguments.of("^cat/.*_00[01]", List.of("cat/cat_000", "cat/cat_001")),
        Arguments.of("_0(02)?", List.of("02")));
  }

  @Test
  void splitFoldersAreUsedAsTheyAre() throws IOException {
    create("train/dog", 4);
    create("train/cat", 5);
    create("validation/cat", 1);
    create("validation/dog", 1);
    create("test/dog", 2);
    create("notes", 1);
    create("train/dog/same.jpg");
    create("test/dog/same.jpg");
    ImageFolder folder = ImageList.of(directory).scan();
    assertThat(folder.labels()).containsExactly("cat", "dog");
    assertThat(sets(folder))
        .containsEntry(Partition.TRAINING, 10)
        .containsEntry(Partition.VALIDATION, 2)
        .containsEntry(Partition.TEST, 3);
    assertThat(folder.origin().facts())
        .containsExactly(
            directory
                + " is used as it is split: train/ (10 files), validation/ (2 files), test/ (3"
                + " files).");
    assertThat(folder.notices())
        .containsExactly(
            directory.resolve("notes") + " is beside the folders of the sets and is ignored.");
    assertThat(folder.files())
        .extracting(ImageFile::name)
        .contains("dog/train/dog/same.jpg", "dog/test/dog/same.jpg")
        .doesNotHaveDuplicates();
    assertThat(Splitter.split(folder, folder.files(), SplitOptions.DEFAULT).notices())
        .containsExactly("Class 'cat' has no test image.");
  }

  @Test
  void foldersOfSetsNeedTrainingImagesOfEachClass() throws IOException {
    create("train/dog", 4);
    create("train/cat", 5);
    create("test/bird", 2);
    assertThatThrownBy(() -> ImageList.of(directory).scan())
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("has no images of 1 class ('bird')");
    create("train/bird", 4);
    create("val/bird", 4);
    create("valid/bird", 4);
    assertThatThrownBy(() -> ImageList.of(directory).scan())
        .hasMessageContaining("are both the validation set");
  }

  static Stream<Arguments> emptySets() {
    return Stream.of(
        Arguments.of(List.of("train/cat", "train/dog"), "val", "use .*/train instead"),
        Arguments.of(List.of("train/cat", "train/dog"), "val/cat", "use .*/train instead"),
        Arguments.of(List.of("train/cat", "train/dog"), "test", "use .*/train instead"),
        Arguments.of(
            List.of("train/cat", "train/dog", "test/cat"), "val/cat", "remove it: .* in .*/train"),
        Arguments.of(List.of("train/cat", "train/dog", "valid/cat"), "test", "remove it: "));
  }

  /** An empty set is neither a class nor a set, whether the folders of its classes exist or not. */
  @ParameterizedTest
  @MethodSource("emptySets")
  void anEmptySetIsRefused(List<String> folders, String empty, String remedy) throws IOException {
    for (String folder : folders) {
      create(folder, 9);
    }
    Files.createDirectories(directory.resolve(empty));
    Files.writeString(directory.resolve(empty).resolve(".gitkeep"), "");
    String set = empty.replace("/cat", "");
    assertThatThrownBy(() -> ImageList.of(directory).scan())
        .isInstanceOf(RetrainException.class)
        .hasMessageStartingWith(
            "%s has no images. Add class folders with images, or ", directory.resolve(set))
        .hasMessageMatching(".*" + remedy + ".*");
    assertThatThrownBy(() -> ImageList.all(new ImageLocation.Directory(directory, false)).scan())
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("Class '%s' has 0 images", set);
  }

  @Test
  void classesThatAreNamedLikeSetsAreClassesWithoutFoldersInThem() throws IOException {
    create("train", 4);
    create("test", 5);
    create("car", 5);
    assertThat(ImageList.of(directory).scan().labels()).containsExactly("car", "test", "train");
  }
}
