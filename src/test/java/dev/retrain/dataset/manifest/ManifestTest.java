package dev.retrain.dataset.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.dataset.FileHints;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.Partition;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
  private static final List<String> FILES =
      List.of("photos/cat/1.jpg", "photos/cat/a, \"b\".jpg", "photos/dog/1.jpg", "x/y.jpg");

  @TempDir private Path directory;

  @BeforeEach
  void create() throws IOException {
    for (String name : FILES) {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
  }

  private ImageFolder read(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return Manifest.read(file, ManifestColumns.DEFAULT, true);
  }

  static Stream<Arguments> formats() {
    String quoted = "\"photos/cat/a, \"\"b\"\".jpg\"";
    return Stream.of(
        Arguments.of(
            "m.csv",
            "path,label\nphotos/dog/1.jpg,dog\n" + quoted + ",cat\nphotos/cat/1.jpg,\"cat\"\n"),
        Arguments.of(
            "crlf.csv",
            "\ufeffpath,label\r\n\r\nphotos/dog/1.jpg,dog\r\n"
                + quoted
                + ",cat\r\nphotos/cat/1.jpg,cat"),
        Arguments.of(
            "columns.csv",
            "id, Label ,PATH\n1, dog,photos/dog/1.jpg\n2,cat ,"
                + quoted
                + "\n3,cat,photos/cat/1.jpg\n\n"),
        Arguments.of(
            "m.tsv",
            "path\tlabel\nphotos/dog/1.jpg\tdog\n" + quoted + "\tcat\nphotos/cat/1.jpg\tcat\n"),
        Arguments.of(
            "detected.txt",
            "path\tlabel\nphotos/dog/1.jpg\tdog\n" + quoted + "\tcat\nphotos/cat/1.jpg\tcat\n"),
        Arguments.of(
            "m.jsonl",
            """
            {"path":"photos/dog/1.jpg","label":"dog"}

            {"label":"cat","path":"photos/cat/a, \\"b\\".jpg","more":{}}
            {"path":"photos/cat/1.jpg","label":"cat"}"""),
        Arguments.of(
            "detected",
            """
            {"path":"photos/dog/1.jpg","label":"dog"}
            {"label":"cat","path":"photos/cat/a, \\"b\\".jpg"}
            {"path":"photos/cat/1.jpg","label":"cat"}"""),
        Arguments.of(
            "predictions.csv",
            "path,label_1,probability_1,label_2,probability_2,error\n"
                + "photos/dog/1.jpg,dog,0.9,cat,0.1,\nx/y.jpg,,,,,can't be read\n"
                + quoted
                + ",cat,0.8,dog,0.2,\nphotos/cat/1.jpg,cat,0.5,dog,0.5,\n"),
        Arguments.of(
            "predictions.jsonl",
            """
            {"path":"x/y.jpg","error":"can't be read"}
            {"path":"photos/dog/1.jpg","predictions":[{"label":"dog"}]}
            {"path":"photos/cat/a, \\"b\\".jpg","predictions":[{"label":"cat"}]}
            {"path":"photos/cat/1.jpg","predictions":[{"label":"cat"}]}
            """));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("formats")
  void readsEveryFormat(String name, String text) throws IOException {
    ImageFolder folder = read(name, text);
    assertThat(folder.labels()).containsExactly("cat", "dog");
    assertThat(folder.files())
        .containsExactly(
            new ImageFile(directory.resolve(FILES.get(0)), "cat/1.jpg", 0),
            new ImageFile(directory.resolve(FILES.get(1)), "cat/a, \"b\".jpg", 0),
            new ImageFile(directory.resolve(FILES.get(2)), "dog/1.jpg", 1));
    assertThat(folder.directory()).isEqualTo(directory.resolve("photos"));
    assertThat(folder.notices()).hasSize(name.startsWith("predictions") ? 1 : 0);
  }

  @Test
  void setsGroupsAndWeightsAreRead() throws IOException {
    String rows =
        """
        photos/dog/1.jpg,dog,Training,p 1,2.5
        photos/cat/1.jpg,cat,valid,,1
        x/y.jpg,cat,TEST,p2,1e-3
        """;
    ImageFolder folder = read("m.csv", "path,label,split,group,weight\n" + rows);
    assertThat(folder.files())
        .extracting(ImageFile::hints)
        .containsExactly(
            new FileHints(Optional.empty(), Optional.of(Partition.VALIDATION), 1),
            new FileHints(Optional.of("p2"), Optional.of(Partition.TEST), 0.001f),
            new FileHints(Optional.of("p 1"), Optional.of(Partition.TRAINING), 2.5f));
    Optional<String> none = Optional.of("");
    assertThat(
            Manifest.read(
                    directory.resolve("m.csv"),
                    new ManifestColumns(Optional.empty(), Optional.empty(), none, none, none),
                    true)
                .files())
        .extracting(ImageFile::hints)
        .containsOnly(FileHints.NONE);
  }

  @Test
  void withoutAValidationSetTheTrainingRowsAreOpen() throws IOException {
    ImageFolder folder =
        read(
            "m.csv",
            """
            path,label,split
            photos/dog/1.jpg,dog,train
            photos/cat/1.jpg,cat,test
            x/y.jpg,dog,train
            """);
    assertThat(folder.files())
        .extracting(file -> file.hints().partition())
        .containsExactly(Optional.of(Partition.TEST), Optional.empty(), Optional.empty());
  }

  @Test
  void doubledRowsThatSayTheSameCountOnce() throws IOException {
    ImageFolder folder =
        read(
            "lists/m.csv",
            """
            path,label
            ../photos/dog/1.jpg,dog
            ../photos/../photos/dog/1.jpg,dog
            ../photos/cat/1.jpg,cat
            """);
    assertThat(folder.files())
        .extracting(ImageFile::name)
        .containsExactly("cat/1.jpg", "dog/1.jpg");
    assertThat(folder.notices()).hasSize(1).first().asString().startsWith("1 row of ");
  }

  @Test
  void filesOfTheSameNameKeepTheirWholePaths() throws IOException {
    for (String name : List.of("p1/cat/i.jpg", "p2/cat/i.jpg", "p2/cat/j.jpg", "p2/k.jpg")) {
      Files.createDirectories(directory.resolve(name).getParent());
      Files.writeString(directory.resolve(name), name);
    }
    assertThat(
            read(
                    "m.csv",
                    """
                    path,label
                    p1/cat/i.jpg,cat
                    p2/cat/i.jpg,cat
                    p2/cat/j.jpg,cat
                    p2/k.jpg,cat
                    """)
                .files())
        .extracting(ImageFile::name)
        .containsExactly("cat/j.jpg", "cat/p1/cat/i.jpg", "cat/p2/cat/i.jpg", "cat/p2/k.jpg");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[\"salt;pepper\", \"cat\"]", "[\"cat\", \"\"]", "[\"cat\", null]"})
  void labelsInAListAreWhole(String labels) {
    assertThatThrownBy(
            () -> read("m.jsonl", "{\"path\": \"photos/cat/1.jpg\", \"label\": " + labels + "}"))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("m.jsonl, line 1: the list of labels contains '");
  }
}
