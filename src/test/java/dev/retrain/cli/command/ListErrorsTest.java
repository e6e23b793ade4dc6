package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a list of images, one case per row. */
class ListErrorsTest {
  @TempDir private static Path directory;

  /**
   * @param file the name of the manifest
   * @param text its content; {@code @} stands for 30 good rows, 15 of each of two classes,
   *     {@code @!} for the same with a label in another case, {@code #} and {@code $} for two rows
   *     of the first class, {@code %} for one of the second
   * @param options more options, separated by spaces
   * @param code the exit code
   * @param parts what the message says
   */
  private record Case(String file, String text, String options, int code, List<String> parts) {
    @Override
    public String toString() {
      return file + " " + options + ": " + parts;
    }
  }

  private static Case failure(String file, String text, String... parts) {
    return new Case(file, text, "", 1, List.of(parts));
  }

  private static Case option(String options, int code, String... parts) {
    return new Case("m.csv", "path,label\n@", options, code, List.of(parts));
  }

  static Stream<Case> cases() {
    String head = "path,label\n@";
    return Stream.of(
        failure("m.csv", "", "m.csv is empty"),
        failure("m.csv", "path,label\n", "m.csv has no rows"),
        failure("m.csv", "file,class\n@", "no column 'path'", "file, class", "--path-column"),
        failure("m.csv", "path,class\n@", "no column 'label'", "path, class", "--label-column"),
        failure("m.csv", "path;label\n", "no column 'path'", "by commas, not by semicolons"),
        failure("m.csv", "path,label,label\n", "two columns 'label'"),
        failure(
            "m.csv", head + "images/cat/no.jpg,cat\n", "line 32", "'images/cat/no.jpg'", "exist"),
        failure(
            "m.csv",
            head + "x1,cat\nx2,cat\nx3,cat\nx4,cat\n",
            "4 of 34 files don't exist",
            "'x1' (line 32), 'x2' (line 33), 'x3' (line 34)",
            "relative to the directory of the manifest"),
        failure("m.csv", head + "images,cat\n", "line 32", "is a directory"),
        failure("m.csv", head + ",cat\n", "line 32", "the path (column 'path') is empty"),
        failure("m.csv", head + "a.jpg,\n", "line 32", "the label (column 'label') is empty"),
        failure("m.csv", head + "a.jpg,  \n", "line 32", "the label (column 'label') is empty"),
        failure("m.csv", head + "a.jpg,\"a\nb\"\n", "line 32", "control character or a line break"),
        failure("m.csv", head + "a.jpg,cat,7\n", "line 32 has 3 values, but there are 2 columns"),
        failure("m.csv", "path\tlabel\na.jpg\tcat\n", "give the file the ending .tsv"),
        failure("m.csv", head + "a.jpg\n", "line 32 has 1 value,"),
        failure("m.csv", head + "\"a\"x,cat\n", "line 32", "quotes"),
        failure("m.csv", head + "\"a.jpg,cat\n", "line 32", "quotes"),
        failure(
            "m.csv",
            head + "images/checks/checks_000.jpg,dog\n",
            "line 2 and line 32",
            "two labels, 'checks' and 'dog'"),
        failure("m.csv", "path,label\n@!", "'Checks'", "'checks'", "by case"),
        failure("m.csv", "path,label,split\n@,,", "line 2 has 2 values"),
        failure(
            "s.csv",
            "path,label,split\n#,eval",
            "line 2",
            "the set 'eval'",
            "train",
            "val",
            "test"),
        failure(
            "s.csv",
            "path,label,split\n#,train\n#,test\n",
            "line 2 and line 3",
            "two sets, 'training' and 'test'"),
        failure(
            "s.csv",
            "path,label,split\n#,train\n$,\n",
            "line 3",
            "the set (column 'split') is empty"),
        failure(
            "g.csv",
            "path,label,split,group\n#,train,p1\n%,test,p1\n",
            "group 'p1' is in two sets",
            "training set",
            "test set"),
        failure("w.csv", "path,label,weight\n#,-1\n", "line 2", "the weight '-1'", "above 0"),
        failure("w.csv", "path,label,weight\n#,heavy\n", "line 2", "the weight 'heavy'"),
        failure("w.csv", "path,label,weight\n#,\n", "line 2", "the weight ''"),
        failure("m.jsonl", "[1]\n", "line 1 is not a JSON object"),
        failure("m.jsonl", "{\"path\":\"a\"", "line 1 is not a JSON object"),
        failure("m.jsonl", "\n{\"path\":\"a\"}\n", "no column 'label'", "path"),
        failure("m.jsonl", "{\"path\":[\"a\"],\"label\":\"a\"}\n", "line 1", "'path' is a list"),
        failure("m.jsonl", "{\"path\":\"a\",\"label\":null}\n", "line 1", "label", "is empty"),
        failure("m.jsonl", "{\"path\":\"a\",\"path\":\"b\",\"label\":\"c\"}\n", "line 1", "path"),
        failure("m.jsonl", "{\"path\":\"a\",\"label\":[{}]}\n", "line 1", "'label' is an object"),
        failure("m.parquet", "PAR1", "m.parquet is incomplete", "end of the file is missing"),
        failure("m.parquet", head, "m.parquet is not a Parquet file"),
        new Case("utf16", head, "", 1, List.of("not UTF-8 but UTF-16")),
        new Case("utf16le-no-mark", head, "", 1, List.of("not UTF-8 but UTF-16")),
        new Case("latin1", head + "ü.jpg,cat\n", "", 1, List.of("line 32", "not valid UTF-8")),
        failure("m.csv", head + "a\0,cat\n", "line 32 has a null character"),
        option("--path-column file", 1, "no column 'file'", "path, label", "--path-column"),
        option("--split-column set", 1, "no column 'set'", "--split-column"),
        option("--label-column path", 1, "'path'", "used for two things"),
        option("--classes checks,dotz", 1, "no class 'dotz'", "dots"),
        option("--classes checks,xyzxyz", 1, "no class 'xyzxyz'", "checks, dots"),
        option("--classes checks", 1, "m.csv has only one class, 'checks'"),
        option("--max-per-class 0", 2, "--max-per-class", "must be at least 1, but is 0"),
        option("--group-by (", 2, "--group-by", "must be a regular expression, but is '('"),
        option("--group-by zzz", 1, "--group-by 'zzz' matches no file name", "checks/"),
        option("--exclude nowhere.txt", 2, "--exclude nowhere.txt does not exist"),
        option("-i data", 2, "cannot be combined with"),
        option("--split-folders off", 2, "--split-folders cannot be combined with --manifest"),
        option("--split-folders maybe", 2, "--split-folders"),
        new Case("", "", "--path-column x", 2, List.of("--path-column requires --manifest")),
        new Case(
            "", "", "--manifest nowhere.csv", 2, List.of("--manifest nowhere.csv does not exist")),
        new Case("", "", "--manifest .", 2, List.of("--manifest . is a directory", "--image-dir")),
        new Case("", "", "-i pom.xml", 2, List.of("--image-dir pom.xml is a file", "--manifest")));
  }

  @BeforeAll
  static void draw() throws IOException {
    SampleImages.write(directory.resolve("images"), 15, 1, Progress.NONE);
  }

  private static List<String> rows() throws IOException {
    List<String> rows = new ArrayList<>();
    for (String label : List.of("checks", "dots")) {
      try (Stream<Path> files = Files.list(directory.resolve("images").resolve(label))) {
        files
            .sorted()
            .forEach(file -> rows.add("images/" + label + "/" + file.getFileName() + "," + label));
      }
    }
    return rows;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isReported(Case one) throws IOException {
    List<String> rows = rows();
    String text =
        one.text()
            .replace(
                "@!", String.join("\n", rows).replace("_014.jpg,checks", "_014.jpg,Checks") + "\n")
            .replace("@", String.join("\n", rows) + "\n")
            .replace("#", rows.get(0))
            .replace("$", rows.get(1))
            .replace("%", rows.get(15));
    Charset charset =
        switch (one.file()) {
          case "utf16" -> StandardCharsets.UTF_16;
          case "utf16le-no-mark" -> StandardCharsets.UTF_16LE;
          case "latin1" -> StandardCharsets.ISO_8859_1;
          default -> StandardCharsets.UTF_8;
        };
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--dry-run",
                "-q",
                "-b",
                "scattering",
                "--bottleneck-dir",
                directory.resolve("cache"),
                "-o",
                directory.resolve("model.pb")));
    if (!one.file().isEmpty()) {
      Path manifest = directory.resolve(one.file());
      Files.write(manifest, text.getBytes(charset));
      arguments.addAll(List.of("--manifest", manifest));
    }
    if (!one.options().isEmpty()) {
      arguments.addAll(List.of(one.options().split(" ")));
    }
    Cli cli = Cli.run(arguments.toArray());
    assertThat(cli.err()).contains(one.parts()).doesNotContain("\tat ", "mistake in the tool");
    assertThat(cli.err().lines().filter(line -> line.startsWith("retrain: "))).hasSize(1);
    assertThat(cli.code()).isEqualTo(one.code());
    assertThat(cli.out()).isEmpty();
  }
}
