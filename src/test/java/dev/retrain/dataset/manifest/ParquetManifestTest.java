package dev.retrain.dataset.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.dataset.ImageFolder;
import dev.retrain.testing.PythonClient;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A manifest that pyarrow has converted to Parquet says what the CSV file says. */
class ParquetManifestTest {
  private static final String ALL =
      """
      path,label,split,group,weight
      photos/dog/1.jpg,dog,Training,p 1,2.5
      photos/cat/1.jpg,cat,valid,,1
      x/ü.jpg,cat,TEST,p2,1e-3
      """;

  @TempDir private Path directory;

  @BeforeEach
  void create() throws IOException {
    for (String name : List.of("photos/cat/1.jpg", "photos/dog/1.jpg", "x/ü.jpg")) {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
  }

  private Path convert(String text, Object... options) throws IOException {
    Path csv = Files.writeString(directory.resolve("m.csv"), text);
    Path parquet = directory.resolve("m.parquet");
    PythonClient python = PythonClient.require();
    if (options.length > 0) {
      python.run("write_parquet.py", "csv", csv, parquet, options[0]);
    } else {
      python.run("write_parquet.py", "csv", csv, parquet);
    }
    return parquet;
  }

  private static ImageFolder read(Path file) throws IOException {
    return Manifest.read(file, ManifestColumns.DEFAULT, true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"compression\": \"zstd\", \"row_group_size\": 2}"})
  void saysTheSameAsCsv(String options) throws IOException {
    ImageFolder folder = read(convert(ALL, options));
    ImageFolder expected = read(directory.resolve("m.csv"));
    assertThat(folder.files()).hasSize(3).isEqualTo(expected.files());
    assertThat(folder.labels()).isEqualTo(expected.labels());
    assertThat(folder.directory()).isEqualTo(expected.directory());
  }

  @Test
  void isDetectedWithoutItsExtension() throws IOException {
    Path file = Files.move(convert(ALL), directory.resolve("m.data"));
    assertThat(read(file).files()).hasSize(3);
    assertThat(PathList.read(file))
        .containsExactly("photos/dog/1.jpg", "photos/cat/1.jpg", "x/ü.jpg");
  }

  @Test
  void aListOfLabelsIsWhatSemicolonsAre() throws IOException {
    Path file =
        convert(
            """
            path,label,tags
            photos/dog/1.jpg,dog;cat,dog;cat
            photos/cat/1.jpg,cat,cat
            """);
    ManifestColumns tags =
        new ManifestColumns(
            Optional.empty(),
            Optional.of("tags"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(Manifest.read(file, tags, true).files())
        .hasSize(3)
        .isEqualTo(read(directory.resolve("m.csv")).files());
    Path lines =
        Files.writeString(
            directory.resolve("m.jsonl"),
            """
            {"path": "photos/dog/1.jpg", "label": ["dog", "cat"]}
            {"path": "photos/cat/1.jpg", "label": ["cat"]}
            """);
    assertThat(read(lines).files()).isEqualTo(read(directory.resolve("m.csv")).files());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          file,label%a,b                                   | has no column 'path'; its columns are: file, label
          path,class%a,b                                   | has no column 'label'; its columns are: path, class
          path,label                                       | m.parquet has no rows
          path,label%photos/cat/1.jpg,cat%,cat             | row 2: the path (column 'path') is empty
          path,label%photos/cat/1.jpg,                     | row 1: the label (column 'label') is empty
          path,label%nowhere.jpg,cat                       | row 1: the file 'nowhere.jpg' doesn't exist
          path,label%no1,cat%no2,cat                       | among them 'no1' (row 1), 'no2' (row 2)
          path,label%photos/cat/1.jpg,b%photos/cat/1.jpg,c | row 1 and row 2
          path,label,weight%photos/cat/1.jpg,cat,-1        | row 1: the weight '-1'
          path,label,split%photos/cat/1.jpg,cat,eval       | row 1: the set 'eval'
          """)
  void faultsAreNamed(String rows, String message) throws IOException {
    String text = rows.strip().replace('%', '\n') + "\n";
    Path file = convert(text);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("m.parquet")
        .hasMessageContaining(message);
  }
}
