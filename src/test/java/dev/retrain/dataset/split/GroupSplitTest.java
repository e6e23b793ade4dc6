package dev.retrain.dataset.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.FileHints;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.util.RetrainException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Groups and given sets, on random lists. */
class GroupSplitTest {
  private static final Path ROOT = Path.of("images");

  private static ImageFile file(int label, String name, FileHints hints) {
    String full = "class" + label + "/" + name;
    return new ImageFile(ROOT.resolve(full), full, label, hints);
  }

  private static ImageFolder folder(int classes, List<ImageFile> files) {
    List<String> labels = IntStream.range(0, classes).mapToObj(i -> "class" + i).toList();
    return new ImageFolder(ROOT, labels, files, List.of());
  }

  /** A random list: groups across classes, names with and without _nohash_, some given sets. */
  private record RandomList(
      ImageFolder folder, Map<Path, ContentHash> hashes, Set<Partition> given) {
    static RandomList create(long seed) {
      Random random = new Random(seed);
      int classes = 2 + random.nextInt(4);
      int groups = 3 + random.nextInt(40);
      int contents = 20 + random.nextInt(400);
      Set<Partition> given = EnumSet.noneOf(Partition.class);
      Map<Integer, Partition> sets = new HashMap<>();
      if (random.nextInt(3) == 0) {
        given = EnumSet.of(random.nextBoolean() ? Partition.TEST : Partition.VALIDATION);
        Partition set = given.iterator().next();
        IntStream.range(0, groups).filter(g -> g % 4 == 0).forEach(g -> sets.put(g, set));
      }
      List<ImageFile> files = new ArrayList<>();
      Map<Path, ContentHash> hashes = new HashMap<>();
      for (int i = 0; i < 40 + random.nextInt(200); i++) {
        int group = random.nextInt(groups);
        FileHints hints =
            random.nextInt(5) == 0
                ? FileHints.NONE
                : new FileHints(
                    Optional.of("group" + group), Optional.ofNullable(sets.get(group)), 1);
        // Photographs of one object share the part before _nohash_, unless a set is given.
        String suffix = random.nextInt(6) == 0 && given.isEmpty() ? "_nohash_" + i : "";
        String name = suffix.isEmpty() ? "i" + i : "object" + random.nextInt(8);
        ImageFile file = file(random.nextInt(classes), name + suffix, hints);
        files.add(file);
        hashes.put(
            file.path(),
            ContentHash.of(
                ("content" + random.nextInt(contents)).getBytes(StandardCharsets.UTF_8)));
      }
      files.sort(ImageFolder.BY_CLASS_THEN_NAME);
      return new RandomList(GroupSplitTest.folder(classes, files), hashes, given);
    }
  }

  static IntStream seeds() {
    return IntStream.range(0, 300);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void neitherGroupsNorContentsStraddleTwoSets(int seed) {
    RandomList list = RandomList.create(seed);
    List<LabeledImage> images;
    try {
      images = Splitter.split(list.folder(), list.folder().files(), SplitOptions.DEFAULT).images();
    } catch (RetrainException e) {
      // All images of a class may be in a given set.
      assertThat(e).hasMessageContaining("has no training image");
      assertThat(list.given()).isNotEmpty();
      return;
    }
    assertThat(sets(images, image -> image.hints().group())).allSatisfy(GroupSplitTest::isOne);
    List<LabeledImage> merged = DuplicateGroups.mergePartitions(images, list.hashes());
    assertThat(sets(merged, image -> image.hints().group())).allSatisfy(GroupSplitTest::isOne);
    assertThat(sets(merged, image -> Optional.of(list.hashes().get(image.path()).hex())))
        .allSatisfy(GroupSplitTest::isOne);
    for (int i = 0; i < images.size(); i++) {
      // Images only move to earlier sets, and only where something connects them.
      assertThat(merged.get(i).partition()).isLessThanOrEqualTo(images.get(i).partition());
      Optional<Partition> given = images.get(i).hints().partition();
      assertThat(given.orElse(images.get(i).partition())).isEqualTo(images.get(i).partition());
      if (list.given().contains(images.get(i).partition())) {
        assertThat(given).isPresent();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theOrderOfTheListDoesNotMatter(int seed) {
    RandomList list = RandomList.create(seed);
    List<ImageFile> shuffled = new ArrayList<>(list.folder().files());
    Collections.shuffle(shuffled, new Random(seed));
    assertThat(split(list.folder().withFiles(shuffled))).isEqualTo(split(list.folder()));
  }

  private static Map<String, Partition> split(ImageFolder folder) {
    Map<String, Partition> sets = new TreeMap<>();
    try {
      Splitter.split(folder, folder.files(), SplitOptions.DEFAULT)
          .images()
          .forEach(image -> sets.put(image.name(), image.partition()));
    } catch (RetrainException e) {
      sets.put(e.getMessage(), Partition.TRAINING);
    }
    return sets;
  }

  private static Map<String, Set<Partition>> sets(
      List<LabeledImage> images, Function<LabeledImage, Optional<String>> key) {
    Map<String, Set<Partition>> sets = new HashMap<>();
    for (LabeledImage image : images) {
      key.apply(image)
          .ifPresent(
              name ->
                  sets.computeIfAbsent(name, k -> EnumSet.noneOf(Partition.class))
                      .add(image.partition()));
    }
    return sets;
  }

  private static void isOne(String key, Set<Partition> sets) {
    assertThat(sets).as(key).hasSize(1);
  }

  @Test
  void theHashIsThatOfTheGroupInEveryClass() {
    List<ImageFile> files = new ArrayList<>();
    for (int group = 0; group < 60; group++) {
      for (int label = 0; label < 2; label++) {
        FileHints hints = FileHints.NONE.withGroup("g" + group);
        files.add(file(label, "x" + group, hints));
      }
    }
    Map<String, Partition> sets = split(folder(2, files));
    for (int group = 0; group < 60; group++) {
      double percent = HashGroup.percent("g" + group);
      Partition expected =
          percent < 10 ? Partition.VALIDATION : percent < 25 ? Partition.TEST : Partition.TRAINING;
      assertThat(sets.get("class0/x" + group)).as("g" + group).isEqualTo(expected);
      assertThat(sets.get("class1/x" + group)).as("g" + group).isEqualTo(expected);
    }
  }

  @Test
  void aGroupThatTheListTearsApartIsReported() {
    FileHints train = FileHints.NONE.withGroup("patient 7").withPartition(Partition.TRAINING);
    FileHints test = train.withPartition(Partition.TEST);
    List<ImageFile> files =
        List.of(file(0, "a.jpg", train), file(0, "b.jpg", train), file(1, "c.jpg", test));
    assertThatThrownBy(() -> Splitter.split(folder(2, files), files, SplitOptions.DEFAULT))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("'patient 7'")
        .hasMessageContaining("a.jpg in the training set")
        .hasMessageContaining("c.jpg in the test set");
  }

  @Test
  void aGroupMovesTogetherWithADuplicate() {
    FileHints hints = FileHints.NONE.withGroup("g");
    LabeledImage train = new LabeledImage(Path.of("a"), "c/a", 0, Partition.TRAINING);
    LabeledImage copy = new LabeledImage(Path.of("b"), "c/b", 0, Partition.TEST, hints);
    LabeledImage other = new LabeledImage(Path.of("d"), "c/d", 1, Partition.TEST, hints);
    LabeledImage unrelated = new LabeledImage(Path.of("e"), "c/e", 1, Partition.TEST);
    ContentHash same = ContentHash.of(new byte[] {1});
    assertThat(
            DuplicateGroups.mergePartitions(
                List.of(train, copy, other, unrelated),
                Map.of(
                    train.path(),
                    same,
                    copy.path(),
                    same,
                    unrelated.path(),
                    ContentHash.of(new byte[] {2}))))
        .extracting(LabeledImage::partition)
        .containsExactly(
            Partition.TRAINING, Partition.TRAINING, Partition.TRAINING, Partition.TEST);
  }
}
