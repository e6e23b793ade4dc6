package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.testing.PythonClient;
import dev.retrain.util.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged jar, which lacks some classes of the Parquet library, reads Parquet. */
class ParquetManifestIT {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"compression\": \"zstd\", \"data_page_version\": \"2.0\"}",
        "{\"use_dictionary\": false, \"column_encoding\": {\"path\": \"DELTA_BYTE_ARRAY\","
            + " \"label\": \"DELTA_LENGTH_BYTE_ARRAY\", \"group\": \"DELTA_BINARY_PACKED\"}}"
      })
  void isPlannedLikeCsv(String options) throws Exception {
    SampleImages.write(directory.resolve("images"), 20, 1, Progress.NONE);
    List<String> rows = new ArrayList<>(List.of("path,label,group"));
    try (Stream<Path> files = Files.walk(directory.resolve("images"))) {
      files
          .filter(Files::isRegularFile)
          .sorted()
          .forEach(
              file ->
                  rows.add(
                      "%s,%s,%d"
                          .formatted(
                              directory.relativize(file),
                              file.getParent().getFileName(),
                              rows.size() / 2)));
    }
    Path csv = Files.writeString(directory.resolve("m.csv"), String.join("\n", rows));
    PythonClient.require()
        .run("write_parquet.py", "csv", csv, directory.resolve("m.parquet"), options);
    String expected = plan("m.csv");
    assertThat(expected).contains("\"files\":20");
    assertThat(plan("m.parquet")).isEqualTo(expected);
  }

  private String plan(String manifest) throws Exception {
    RetrainJar.Result result =
        new RetrainJar(directory)
            .run("train", "--dry-run", "-q", "--json", "-b", "scattering", "--manifest", manifest);
    assertThat(result.code()).as(result.err()).isZero();
    return result.json().get("classes").toString();
  }
}
