package dev.retrain.dataset.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The expected percentages and partitions were computed in Python with retrain.py's rule, {@code
 * int(hashlib.sha1(name).hexdigest(), 16) % 2**27 * (100.0 / (2**27 - 1))}.
 */
class SplitterTest {
  private static ImageFolder folder(String... names) {
    return folder(Path.of("images"), names);
  }

  private static ImageFolder folder(Path directory, String... names) {
    List<String> labels =
        Stream.of(names).map(name -> name.substring(0, name.indexOf('/'))).distinct().toList();
    List<ImageFile> files =
        Stream.of(names)
            .map(
                name ->
                    new ImageFile(
                        directory.resolve(name),
                        name,
                        labels.indexOf(name.substring(0, name.indexOf('/')))))
            .toList();
    return new ImageFolder(directory, labels, files, List.of());
  }

  private static Split split(ImageFolder folder, SplitOptions options) {
    return Splitter.split(folder, folder.files(), options);
  }

  private static Map<String, Partition> partitions(ImageFolder folder, SplitOptions options) {
    Map<String, Partition> partitions = new TreeMap<>();
    for (LabeledImage image : split(folder, options).images()) {
      String name = folder.directory().relativize(image.path()).toString().replace('\\', '/');
      partitions.put(name, image.partition());
    }
    return partitions;
  }

  private static List<String> in(Partition partition, Map<String, Partition> partitions) {
    return partitions.entrySet().stream()
        .filter(entry -> entry.getValue() == partition)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String[] numbered(String format, int count) {
    return IntStream.range(0, count).mapToObj(format::formatted).toArray(String[]::new);
  }

  private static String[] catsAndDogs() {
    return Stream.of(numbered("cat/%02d.jpg", 40), numbered("dog/%02d.jpg", 40))
        .flatMap(Arrays::stream)
        .toArray(String[]::new);
  }

  private static SplitOptions testFiles(String glob) {
    return new SplitOptions(15, 10, Optional.of(glob));
  }

  @ParameterizedTest
  @CsvSource({
    "daisy/1.jpg, 45.688485694590845",
    "roses/rose_1.jpg, 21.50466383624571",
    "tulips/\u00DCbersicht.png, 46.63209502869915",
    "\u65E5\u672C/\u82B1.jpg, 10.024678036754414",
    "cat/sub/01.jpg, 56.46458533752401",
    "cat/16.jpg, 99.498882886014",
    "owl/11.jpg, 0.45256391504827076"
  })
  void percentagesEqualThoseOfRetrainPy(String name, double percent) {
    assertThat(HashGroup.percent(name)).isEqualTo(percent);
  }

  @Test
  void partitionsEqualThoseOfRetrainPy() {
    Map<String, Partition> partitions = partitions(folder(catsAndDogs()), SplitOptions.DEFAULT);

    assertThat(in(Partition.VALIDATION, partitions))
        .containsExactly(
            "cat/09.jpg",
            "cat/10.jpg",
            "cat/29.jpg",
            "dog/00.jpg",
            "dog/07.jpg",
            "dog/13.jpg",
            "dog/36.jpg",
            "dog/39.jpg");
    assertThat(in(Partition.TEST, partitions))
        .containsExactly(
            "cat/00.jpg",
            "cat/07.jpg",
            "cat/08.jpg",
            "cat/11.jpg",
            "cat/24.jpg",
            "cat/26.jpg",
            "cat/39.jpg",
            "dog/22.jpg",
            "dog/32.jpg",
            "dog/33.jpg",
            "dog/35.jpg");
    assertThat(in(Partition.TRAINING, partitions)).hasSize(80 - 8 - 11);
    assertThat(split(folder(catsAndDogs()), SplitOptions.DEFAULT).notices()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"15, 10, 1475, 218, 307", "20, 30, 995, 625, 380"})
  void bothPercentagesAreUsed(
      int testing, int validation, int trainingCount, int validationCount, int testCount) {
    Map<String, Partition> partitions =
        partitions(
            folder(numbered("big/%04d.png", 2000)),
            new SplitOptions(testing, validation, Optional.empty()));

    assertThat(in(Partition.TRAINING, partitions)).hasSize(trainingCount);
    assertThat(in(Partition.VALIDATION, partitions)).hasSize(validationCount);
    assertThat(in(Partition.TEST, partitions)).hasSize(testCount);
  }

  @Test
  void imagesHaveTheOrderAndLabelsOfTheFiles() {
    ImageFolder folder = folder(catsAndDogs());
    List<ImageFile> reversed = new ArrayList<>(folder.files());
    Collections.reverse(reversed);

    List<LabeledImage> images = Splitter.split(folder, reversed, SplitOptions.DEFAULT).images();

    assertThat(images)
        .extracting(LabeledImage::path)
        .containsExactlyElementsOf(reversed.stream().map(ImageFile::path).toList());
    assertThat(images)
        .extracting(LabeledImage::label)
        .containsExactlyElementsOf(reversed.stream().map(ImageFile::label).toList());
  }

  @Test
  void itDoesNotMatterWhereTheDirectoryStands() {
    Map<String, Partition> here = partitions(folder(catsAndDogs()), SplitOptions.DEFAULT);
    Map<String, Partition> there =
        partitions(
            folder(Path.of("elsewhere", "x_nohash_y", "data").toAbsolutePath(), catsAndDogs()),
            SplitOptions.DEFAULT);

    assertThat(there).isEqualTo(here);
  }

  @Test
  void anImageKeepsItsPartitionWhenOthersGo() {
    Map<String, Partition> all = partitions(folder(catsAndDogs()), SplitOptions.DEFAULT);
    ImageFolder folder = folder(catsAndDogs());
    List<ImageFile> most =
        folder.files().stream().filter(file -> !file.name().endsWith("5.jpg")).toList();

    for (LabeledImage image : Splitter.split(folder, most, SplitOptions.DEFAULT).images()) {
      String name = folder.directory().relativize(image.path()).toString().replace('\\', '/');
      assertThat(image.partition()).as(name).isEqualTo(all.get(name));
    }
  }

  @Test
  void imagesOfOneObjectAreInTheSameSet() {
    List<String> names = new ArrayList<>(List.of(catsAndDogs()));
    names.addAll(List.of(numbered("cat/leaf2_nohash_%d.jpg", 30)));
    // There is no dog/00.png, so these are not copies.
    names.addAll(List.of(numbered("dog/00.png_nohash_%d.jpg", 30)));

    Split split = split(folder(names.toArray(String[]::new)), SplitOptions.DEFAULT);
    Map<String, Partition> partitions =
        partitions(folder(names.toArray(String[]::new)), SplitOptions.DEFAULT);

    assertThat(in(Partition.TEST, partitions)).contains(numbered("cat/leaf2_nohash_%d.jpg", 30));
    assertThat(in(Partition.TRAINING, partitions))
        .contains(numbered("dog/00.png_nohash_%d.jpg", 30));
    assertThat(split.excluded()).isEmpty();
  }

  @Test
  void imagesOfOneObjectMoveTogether() {
    ImageFolder folder =
        folder("cat/b.jpg", "cat/c.jpg", "cat/leaf5_nohash_1.jpg", "cat/leaf5_nohash_2.jpg");

    Map<String, Partition> partitions = partitions(folder, SplitOptions.DEFAULT);

    assertThat(in(Partition.VALIDATION, partitions))
        .containsExactly("cat/leaf5_nohash_1.jpg", "cat/leaf5_nohash_2.jpg");
  }

  @Test
  void nearestTrainingImagesMoveToValidationAndTest() {
    // p: b 71.3, c 74.7, d 59.3
    Split split = split(folder("cat/b.jpg", "cat/c.jpg", "cat/d.jpg"), SplitOptions.DEFAULT);

    assertThat(split.images())
        .extracting(LabeledImage::partition)
        .containsExactly(Partition.TEST, Partition.TRAINING, Partition.VALIDATION);
    assertThat(split.notices()).hasSize(2);
    assertThat(split.notices().get(0))
        .contains("'cat'", "cat/d.jpg", "training set", "validation set");
    assertThat(split.notices().get(1)).contains("'cat'", "cat/b.jpg", "training set", "test set");
  }

  @Test
  void onlyEmptySetsAreFilled() {
    // p: a 3.4, b 78.6, c 38.6
    Split split = split(folder("dog/a.jpg", "dog/b.jpg", "dog/c.jpg"), SplitOptions.DEFAULT);

    assertThat(split.images())
        .extracting(LabeledImage::partition)
        .containsExactly(Partition.VALIDATION, Partition.TRAINING, Partition.TEST);
    assertThat(split.notices()).singleElement().asString().contains("dog/c.jpg", "test set");
  }

  @Test
  void lastImageOfAnotherSetIsNotMoved() {
    // p: a 10.4, the nearest to validation but the only one to test with; b 61.9, c 73.9
    Split split = split(folder("fox/a.jpg", "fox/b.jpg", "fox/c.jpg"), SplitOptions.DEFAULT);

    assertThat(split.images())
        .extracting(LabeledImage::partition)
        .containsExactly(Partition.TEST, Partition.VALIDATION, Partition.TRAINING);
  }

  @Test
  void validationImagesMoveToTestAndTraining() {
    // p: a 29.9, b 71.3, c 74.7
    Split split =
        split(
            folder("cat/a.jpg", "cat/b.jpg", "cat/c.jpg"),
            new SplitOptions(10, 80, Optional.empty()));

    assertThat(split.images())
        .extracting(LabeledImage::partition)
        .containsExactly(Partition.VALIDATION, Partition.TRAINING, Partition.TEST);
    assertThat(split.notices()).hasSize(2);
  }

  @Test
  void everyClassOfThreeHasAnImageInEverySet() {
    for (int i = 0; i < 200; i++) {
      String label = "class" + i;
      Split split =
          split(folder(label + "/1.jpg", label + "/2.jpg", label + "/3.jpg"), SplitOptions.DEFAULT);

      assertThat(split.images())
          .as(label)
          .extracting(LabeledImage::partition)
          .containsExactlyInAnyOrder(Partition.values());
    }
  }

  @Test
  void copiesDoNotCountAsImages() {
    ImageFolder folder =
        folder("cat/b_nohash_1.jpg", "cat/b_nohash_2.jpg", "cat/b_nohash_3.jpg", "cat/c.jpg");

    assertThatThrownBy(() -> split(folder, SplitOptions.DEFAULT))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("'cat'")
        .hasMessageContaining("_nohash_");
  }

  @Test
  void patternDeterminesTheTestFiles() {
    String[] names =
        Stream.of(
                numbered("cat/b1_%d.png", 40),
                numbered("cat/bt_%d.png", 7),
                numbered("dog/b1_%d.png", 40),
                numbered("dog/sub/bt_%d.png", 5),
                new String[] {"cat/not_bt_1.png", "dog/bt_folder/1.png"})
            .flatMap(Arrays::stream)
            .toArray(String[]::new);

    Map<String, Partition> partitions = partitions(folder(names), testFiles("bt_*"));

    assertThat(in(Partition.TEST, partitions))
        .containsExactlyInAnyOrder(
            Stream.of(numbered("cat/bt_%d.png", 7), numbered("dog/sub/bt_%d.png", 5))
                .flatMap(Arrays::stream)
                .toArray(String[]::new));
  }

  @Test
  void validationSetIsDeterminedByPercentageWithPattern() {
    // Without the pattern, 09, 10 and 29 are validation images, and 00, 07, 08, 11, 24, 26 and 39
    // test images.
    Map<String, Partition> partitions =
        partitions(folder(numbered("cat/%02d.jpg", 40)), testFiles("{10,20}.jpg"));

    assertThat(in(Partition.TEST, partitions)).containsExactly("cat/10.jpg", "cat/20.jpg");
    assertThat(in(Partition.VALIDATION, partitions)).containsExactly("cat/09.jpg", "cat/29.jpg");
    assertThat(in(Partition.TRAINING, partitions)).hasSize(36);
  }

  @Test
  void testFilesNeverMove() {
    // p: f 2.5, a validation image without the pattern; b 71.3, c 74.7
    Split split =
        split(folder("cat/b.jpg", "cat/c.jpg", "cat/t1_f.jpg", "cat/t2_f.jpg"), testFiles("t?_*"));

    assertThat(split.images())
        .extracting(LabeledImage::partition)
        .containsExactly(Partition.VALIDATION, Partition.TRAINING, Partition.TEST, Partition.TEST);
  }

  @Test
  void classWithoutTestFilesIsReported() {
    ImageFolder folder =
        folder("cat/bt_1.jpg", "cat/2.jpg", "cat/3.jpg", "dog/1.jpg", "dog/2.jpg", "dog/3.jpg");

    assertThatThrownBy(() -> split(folder, testFiles("bt_*")))
        .isInstanceOfSatisfying(
            RetrainException.class,
            e -> assertThat(e.settings()).containsExactly(Setting.TEST_FILES))
        .hasMessageContainingAll("'dog'", "'bt_*'");
  }

  @Test
  void patternWithoutTrainingImagesIsReported() {
    ImageFolder folder = folder("cat/bt_1.jpg", "cat/bt_2.jpg", "cat/bt_3.jpg");

    assertThatThrownBy(() -> split(folder, testFiles("bt_*")))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("'cat'");
  }

  private static List<String> excluded(Split split) {
    return split.excluded().stream().map(ImageFile::name).toList();
  }

  private static String[] with(String[] names, String... more) {
    return Stream.of(names, more).flatMap(Arrays::stream).toArray(String[]::new);
  }

  @Test
  void copiesAreUsedForTrainingOnly() {
    // cat/01 is a training image, cat/00 a test and cat/09 a validation image.
    String[] copies =
        with(
            numbered("cat/01.jpg_nohash_%d.png", 30),
            with(
                numbered("cat/00.jpg_nohash_%d.png", 30),
                numbered("cat/09.jpg_nohash_%d.png", 30)));
    ImageFolder folder = folder(with(catsAndDogs(), copies));
    Map<String, Partition> without = partitions(folder(catsAndDogs()), SplitOptions.DEFAULT);

    Map<String, Partition> partitions = partitions(folder, SplitOptions.DEFAULT);

    assertThat(partitions).containsAllEntriesOf(without).hasSize(80 + 30);
    assertThat(in(Partition.TRAINING, partitions))
        .contains(numbered("cat/01.jpg_nohash_%d.png", 30));
    assertThat(excluded(split(folder, SplitOptions.DEFAULT)))
        .containsExactly(Arrays.copyOfRange(copies, 30, 90));
    assertThat(split(folder, SplitOptions.DEFAULT).notices()).isEmpty();
  }

  @Test
  void copiesOfTestFilesAreExcluded() {
    ImageFolder folder =
        folder(
            with(
                numbered("cat/%02d.jpg", 40),
                "cat/bt_1.jpg",
                "cat/bt_1.jpg_nohash_1.png",
                "cat/00.jpg_nohash_7.png"));

    assertThat(excluded(split(folder, testFiles("bt_*"))))
        .containsExactly("cat/bt_1.jpg_nohash_1.png");
    assertThat(in(Partition.TEST, partitions(folder, testFiles("{bt_*,*_7.png}"))))
        .containsExactly("cat/bt_1.jpg");
    assertThat(in(Partition.TRAINING, partitions(folder, testFiles("{bt_*,*_7.png}"))))
        .contains("cat/00.jpg", "cat/00.jpg_nohash_7.png");
  }

  @Test
  void copiesAreExcludedOrIncludedWhenTheirSourceMoves() {
    // As without copies: d goes from training to validation, b from training to test.
    Split away =
        split(
            folder(
                "cat/b.jpg",
                "cat/b.jpg_nohash_1.png",
                "cat/c.jpg",
                "cat/c.jpg_nohash_1.png",
                "cat/d.jpg",
                "cat/d.jpg_nohash_1.png"),
            SplitOptions.DEFAULT);
    assertThat(excluded(away)).containsExactly("cat/b.jpg_nohash_1.png", "cat/d.jpg_nohash_1.png");
    assertThat(away.images())
        .extracting(LabeledImage::partition)
        .containsExactly(
            Partition.TEST, Partition.TRAINING, Partition.TRAINING, Partition.VALIDATION);

    // All three are validation images: b goes to training, c to the test.
    Split back =
        split(
            folder(
                "cat/a.jpg",
                "cat/a.jpg_nohash_1.png",
                "cat/b.jpg",
                "cat/b.jpg_nohash_1.png",
                "cat/c.jpg",
                "cat/c.jpg_nohash_1.png"),
            new SplitOptions(10, 80, Optional.empty()));
    assertThat(excluded(back)).containsExactly("cat/a.jpg_nohash_1.png", "cat/c.jpg_nohash_1.png");
    assertThat(back.images())
        .extracting(LabeledImage::partition)
        .containsExactly(
            Partition.VALIDATION, Partition.TRAINING, Partition.TRAINING, Partition.TEST);
  }

  @Test
  void copiesFillNoEmptySet() {
    ImageFolder folder =
        folder(
            with(new String[] {"cat/b.jpg", "cat/c.jpg"}, numbered("cat/b.jpg_nohash_%d.png", 20)));

    assertThatThrownBy(() -> split(folder, SplitOptions.DEFAULT))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("'cat'")
        .hasMessageContaining("_nohash_");
  }

  @Test
  void imageInAnotherFolderIsNotASource() {
    // Without its suffix, the path is cat/09.jpg, a validation image in another folder.
    String[] names = with(catsAndDogs(), "cat/09.jpg_nohash_1/a.png", "cat/in/09.jpg_nohash_1.png");

    assertThat(split(folder(names), SplitOptions.DEFAULT).excluded()).isEmpty();
  }

  @Test
  void copyOfImageWithNohashMarkIsDetected() {
    // leaf2 is in the test set.
    Split split =
        split(
            folder(
                with(
                    catsAndDogs(),
                    "cat/leaf2_nohash_1.jpg",
                    "cat/leaf2_nohash_2.jpg",
                    "cat/leaf2_nohash_1.jpg_nohash_1.png",
                    "cat/leaf2_nohash_3.jpg_nohash_1.png")),
            SplitOptions.DEFAULT);

    assertThat(excluded(split)).containsExactly("cat/leaf2_nohash_1.jpg_nohash_1.png");
  }

  @Test
  void copiesOfUnreadableImageAreExcluded() {
    // 01 is a training image.
    ImageFolder folder = folder(with(catsAndDogs(), "cat/01.jpg_nohash_1.png"));
    List<ImageFile> readable =
        folder.files().stream().filter(file -> !file.name().equals("cat/01.jpg")).toList();

    assertThat(excluded(Splitter.split(folder, readable, SplitOptions.DEFAULT)))
        .containsExactly("cat/01.jpg_nohash_1.png");
  }
}
