package dev.retrain.dataset.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.FileHints;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.Partition;
import dev.retrain.util.RetrainException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabeledFolderTest {
  private static final List<String> LABELS = List.of("bird", "cat", "dog");

  private final Map<Path, ContentHash> contents = new HashMap<>();

  /**
   * @param files {@code class/file=content}; a file without content is unreadable
   */
  private ImageFolder folder(List<String> labels, String... files) {
    List<ImageFile> all = new ArrayList<>();
    for (String file : files) {
      String[] parts = file.split("=", -1);
      Path path = Path.of("images", parts[0]);
      all.add(new ImageFile(path, parts[0], labels.indexOf(parts[0].split("/", -1)[0])));
      if (parts.length > 1) {
        contents.put(path, ContentHash.of(parts[1].getBytes(StandardCharsets.UTF_8)));
      }
    }
    return new ImageFolder(Path.of("images"), labels, all, List.of());
  }

  private static String text(LabeledFolder folder) {
    StringBuilder text = new StringBuilder();
    for (ImageFile file : folder.files().files()) {
      text.append(file.name()).append('=');
      text.append(LabelSet.join(folder.labels().of(file).names(folder.labels().classes())));
      text.append(' ');
    }
    return text.toString().strip();
  }

  @Test
  void sameContentIsOneImageWithTheUnionOfTheClasses() {
    LabeledFolder merged =
        LabeledFolder.merge(
            folder(
                LABELS,
                "bird/a=1",
                "bird/b=2",
                "cat/a=3",
                "cat/x=1",
                "dog/a",
                "dog/c=1",
                "dog/d=3",
                "dog/e=4",
                "dog/f=4"),
            contents);
    assertThat(text(merged))
        .isEqualTo("bird/a=bird;cat;dog bird/b=bird cat/a=cat;dog dog/a=dog dog/e=dog");
    assertThat(merged.withSeveralLabels()).isEqualTo(2);
    assertThat(merged.files().labels()).containsExactly("all classes");
    assertThat(merged.labels().classes()).isEqualTo(LABELS);
  }

  @Test
  void groupsOfTheSameContentAreJoinedAndTheEarliestGivenSetIsKept() {
    ImageFolder plain = folder(LABELS, "bird/a=1", "bird/b=2", "cat/c=1", "cat/d=3", "dog/e=4");
    List<FileHints> hints =
        List.of(
            FileHints.NONE.withGroup("one"),
            FileHints.NONE.withGroup("one"),
            FileHints.NONE.withGroup("two").withPartition(Partition.TRAINING),
            FileHints.NONE.withGroup("two"),
            FileHints.NONE.withGroup("three"));
    List<ImageFile> files = new ArrayList<>();
    for (int i = 0; i < hints.size(); i++) {
      files.add(plain.files().get(i).withHints(hints.get(i)));
    }
    List<ImageFile> merged = LabeledFolder.merge(plain.withFiles(files), contents).files().files();
    assertThat(merged)
        .extracting(ImageFile::name)
        .containsExactly("bird/a", "bird/b", "cat/d", "dog/e");
    String joined = merged.get(0).hints().group().orElseThrow();
    assertThat(merged)
        .extracting(file -> file.hints().group().orElseThrow())
        .containsExactly(joined, joined, joined, "three");
    assertThat(merged.get(0).hints().partition()).contains(Partition.TRAINING);
  }

  @Test
  void separatorInAClassNameIsRefused() {
    ImageFolder folder = folder(List.of("a;b", "c"), "c/x=1");
    assertThatThrownBy(() -> LabeledFolder.merge(folder, contents))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("The class name 'a;b' contains ';'");
  }

  @Test
  void rareClassIsNamed() {
    LabeledFolder merged =
        LabeledFolder.merge(
            folder(LABELS, "bird/a=1", "bird/b=2", "bird/c=3", "cat/a=1", "cat/b=2", "cat/c=2"),
            contents);
    assertThatThrownBy(() -> merged.labels().checkEnough(merged.files().files()))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("Class 'cat' has 2 readable images with different content");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"cat;dog|cat,dog", "' dog ; cat '|dog,cat", "cat|cat", "cat;cat|cat", "'  '|''"})
  void labelsAreSplitAtSemicolons(String text, String expected) {
    assertThat(String.join(",", LabelSet.split(text))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"cat;;dog", "cat;", ";", "' ;cat'"})
  void emptyLabelsAreRefused(String text) {
    assertThatThrownBy(() -> LabelSet.split(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'%s' have an empty name".formatted(text));
  }

  @Test
  void labelsOfARowBecomeIndexes() {
    Path both = Path.of("both.jpg");
    Path none = Path.of("none.jpg");
    ImageLabels labels =
        ImageLabels.multiple(LABELS, Map.of(both, List.of("dog", "bird"), none, List.of()));
    assertThat(labels.of(new ImageFile(both, "both.jpg", 0)).indexes()).containsExactly(0, 2);
    assertThat(labels.of(new ImageFile(none, "none.jpg", 0)).size()).isZero();
    assertThatThrownBy(() -> ImageLabels.multiple(LABELS, Map.of(both, List.of("cow"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("both.jpg has a label that is not a class: [cow]");
  }
}
