package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.dataset.split.Splitter;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.SharedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trainings on the same 1,000 images of CIFAR-10, listed in different ways: the model has the same
 * bytes, and is evaluated on the same test images.
 */
class ListTrainingTest {
  @TempDir private static Path directory;
  private static Path images;
  private static List<LabeledImage> split;
  private static byte[] expected;
  private static JsonNode plain;

  @BeforeAll
  static void train() throws IOException {
    images = directory.resolve("images");
    SharedData.cifar10(images, 100);
    ImageFolder folder = ImageFolder.scan(images);
    split = Splitter.split(folder, folder.files(), SplitOptions.DEFAULT).images();
    plain = train("plain", "-i", images);
    expected = Files.readAllBytes(directory.resolve("plain.pb"));
    assertThat(metadata("plain").get("data").has("list")).isFalse();
  }

  private static Cli run(String command, String name, Object... more) {
    Object[] training = {
      "-b",
      "scattering",
      "--iterations",
      20,
      "-o",
      directory.resolve(name + ".pb"),
      "--output-labels",
      directory.resolve(name + ".txt"),
      "--summaries-dir",
      directory.resolve("logs"),
      "--no-plots",
      "-f"
    };
    Object[] common = {"--bottleneck-dir", directory.resolve("cache"), "--json"};
    Object[] first =
        command.equals("train") ? training : new Object[] {directory.resolve(name + ".pb"), "-q"};
    return Cli.run(
        Stream.of(new Object[] {command}, first, common, more).flatMap(Stream::of).toArray());
  }

  private static JsonNode train(String name, Object... more) throws IOException {
    Cli cli = run("train", name, more);
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.json();
  }

  private static JsonNode metadata(String name) throws IOException {
    return new ObjectMapper().readTree(directory.resolve(name + ".json").toFile());
  }

  private static void assertSameModel(String name) throws IOException {
    assertThat(Files.readAllBytes(directory.resolve(name + ".pb"))).isEqualTo(expected);
    assertThat(directory.resolve(name + ".txt"))
        .hasSameTextualContentAs(directory.resolve("plain.txt"));
    assertThat(metadata(name).get("data").get("fingerprint"))
        .isEqualTo(metadata("plain").get("data").get("fingerprint"));
    assertSameTestImages(name);
  }

  private static void assertSameTestImages(String name, Object... more) throws IOException {
    Cli evaluated = run("evaluate", name, more);
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(evaluated.json().get("count")).isEqualTo(plain.get("test_count"));
    assertThat(evaluated.json().get("accuracy").asDouble())
        .isCloseTo(plain.get("test_accuracy").asDouble(), within(1e-6));
  }

  /** A manifest of all images in random order. */
  private static Path manifest(
      Path file, String header, String separator, Function<LabeledImage, String> row)
      throws IOException {
    List<String> rows = new ArrayList<>(split.stream().map(row).toList());
    Collections.shuffle(rows, new Random(7));
    rows.add(0, header);
    Files.createDirectories(file.getParent());
    Files.writeString(file, String.join(separator, rows), StandardCharsets.UTF_8);
    return file;
  }

  private static String label(LabeledImage image) {
    return image.name().substring(0, image.name().indexOf('/'));
  }

  @Test
  void aManifestInTheDirectoryGivesTheSameModel() throws IOException {
    Path file =
        manifest(
            directory.resolve("beside.csv"),
            "\ufeffpath,label",
            "\r\n",
            image -> "images/%s,%s".formatted(image.name(), label(image)));
    train("beside", "--manifest", file);
    assertSameModel("beside");
    JsonNode list = metadata("beside").get("data").get("list");
    assertThat(list.properties()).hasSize(1);
    assertThat(list.get("manifest").asText()).isEqualTo(file.toString());
  }

  @Test
  void aParquetManifestGivesTheSameModel() throws IOException {
    Path csv =
        manifest(
            directory.resolve("table.csv"),
            "path,label",
            "\n",
            image -> "images/%s,%s".formatted(image.name(), label(image)));
    Path file = directory.resolve("table.parquet");
    PythonClient.require().run("write_parquet.py", "csv", csv, file, "{\"compression\": \"zstd\"}");
    train("parquet", "--manifest", file);
    assertSameModel("parquet");
  }

  @Test
  void weightsChangeTheModelUnlessTheyAreEqual() throws IOException {
    Path equal =
        manifest(
            directory.resolve("equal.csv"),
            "path,label,weight",
            "\n",
            image -> "images/%s,%s,2.5".formatted(image.name(), label(image)));
    train("equal", "--manifest", equal);
    assertSameModel("equal");
    Path different =
        manifest(
            directory.resolve("different.csv"),
            "path,label,weight",
            "\n",
            image ->
                "images/%s,%s,%s"
                    .formatted(image.name(), label(image), label(image).equals("cat") ? 9 : 1));
    train("different", "--manifest", different);
    assertThat(Files.readAllBytes(directory.resolve("different.pb"))).isNotEqualTo(expected);
    assertSameTestCount("different");
  }

  @Test
  void theManifestIsNeverOverwritten() throws IOException {
    Path file =
        manifest(
            directory.resolve("kept.csv"),
            "path,label",
            "\n",
            image -> "images/%s,%s".formatted(image.name(), label(image)));
    byte[] before = Files.readAllBytes(file);
    Cli cli = run("evaluate", "plain", "--manifest", file, "--predictions", file);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("--predictions", "would overwrite " + file);
    assertThat(file).hasBinaryContent(before);
  }

  private static void assertSameTestCount(String name) throws IOException {
    assertThat(run("evaluate", name).json().get("count")).isEqualTo(plain.get("test_count"));
  }

  @Test
  void aManifestWithSeveralLabelsGivesTheModelOfFoldersWithCopies() throws IOException {
    // Every fifth image of a class is also in the folder of the next class.
    Path folders = directory.resolve("folders");
    List<String> labels = split.stream().map(ListTrainingTest::label).distinct().toList();
    List<String> rows = new ArrayList<>(List.of("path,label"));
    for (int i = 0; i < split.size(); i++) {
      String label = label(split.get(i));
      String next = labels.get((labels.indexOf(label) + 1) % labels.size());
      boolean both = i % 5 == 0 && labels.indexOf(next) > labels.indexOf(label);
      Path file = folders.resolve(split.get(i).name());
      Files.createDirectories(file.getParent());
      Files.copy(images.resolve(split.get(i).name()), file);
      if (both) {
        Files.createDirectories(folders.resolve(next));
        Files.copy(file, folders.resolve(next).resolve("copy-" + i + ".png"));
      }
      rows.add("images/%s,%s".formatted(split.get(i).name(), both ? label + "; " + next : label));
    }
    Path file = Files.writeString(directory.resolve("several.csv"), String.join("\n", rows));
    train("copies", "--multi-label", "-i", folders);
    train("several", "--multi-label", "--manifest", file);
    assertThat(directory.resolve("several.pb"))
        .hasSameBinaryContentAs(directory.resolve("copies.pb"));
    JsonNode copies = run("evaluate", "copies").json();
    JsonNode several = run("evaluate", "several").json();
    assertThat(several.get("count")).isEqualTo(copies.get("count"));
    assertThat(several.get("mean_average_precision"))
        .isEqualTo(copies.get("mean_average_precision"));
    Cli single = run("train", "single", "--manifest", file);
    assertThat(single.code()).isEqualTo(1);
    assertThat(single.err()).contains("several labels; use --multi-label");
  }

  @Test
  void absolutePathsOtherColumnsAndGivenSetsGiveTheSameModel() throws IOException {
    Map<Partition, String> words =
        Map.of(Partition.TRAINING, "Train", Partition.VALIDATION, "val", Partition.TEST, "TEST");
    Path file =
        manifest(
            directory.resolve("elsewhere/list.tsv"),
            "id\tclass\tfile\tset",
            "\n",
            image ->
                "7\t%s\t\"%s\"\t%s"
                    .formatted(label(image), image.path(), words.get(image.partition())));
    train(
        "elsewhere",
        "--manifest",
        file,
        "--path-column",
        "file",
        "--label-column",
        "class",
        "--split-column",
        "set");
    assertSameModel("elsewhere");
    // The same test images in the plain directory, by names and contents, and the other way round.
    assertSameTestImages("elsewhere", "-i", images);
    assertSameTestImages(
        "plain",
        "--manifest",
        manifest(
            directory.resolve("again.jsonl"),
            "",
            "\n",
            image ->
                "{\"path\":\"images/%s\",\"label\":\"%s\"}".formatted(image.name(), label(image))));
  }

  @Test
  void evaluateReportsThatTheManifestHasChanged() throws IOException {
    Path file =
        manifest(
            directory.resolve("changing.csv"),
            "path,label,split",
            "\n",
            image ->
                "images/%s,%s,%s".formatted(image.name(), label(image), image.partition().word()));
    train("changing", "--manifest", file);
    assertThat(run("evaluate", "changing").json().get("changed").asBoolean()).isFalse();
    // Not the same images, which would be recognized by themselves.
    Path other = copy("other", image -> "");
    Files.delete(other.resolve(split.get(0).name()));
    assertThat(run("evaluate", "changing", "-i", other).json().get("seen_known").asBoolean())
        .isTrue();
    Files.writeString(file, Files.readString(file).replaceFirst(",training\n", ",test\n"));
    Cli evaluated = run("evaluate", "changing");
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(evaluated.json().get("changed").asBoolean()).isTrue();
    assertThat(evaluated.json().get("notices").toString())
        .contains("images that the model was trained on may be among the evaluated ones");
    Cli elsewhere = run("evaluate", "changing", "-i", other);
    assertThat(elsewhere.json().get("seen_known").asBoolean()).isFalse();
    assertThat(elsewhere.json().get("notices").toString())
        .contains("The manifest that the model was trained on, or its files, have changed since");
  }

  @Test
  void splitFoldersGiveTheSameModel() throws IOException {
    Map<Partition, String> folders =
        Map.of(Partition.TRAINING, "train", Partition.VALIDATION, "valid", Partition.TEST, "test");
    Path root = copy("folders", image -> folders.get(image.partition()));
    train("folders", "-i", root);
    assertSameModel("folders");
    assertThat(metadata("folders").get("data").get("list").toString())
        .isEqualTo("{\"split_folders\":true}");
    // The folder of the test images alone.
    assertSameTestImages("folders", "-i", root.resolve("test"));
  }

  @Test
  void aMissingSetIsTakenFromTheTrainingImagesByTheSameHash() throws IOException {
    Path test = copy("test", image -> image.partition() == Partition.TEST ? "test" : "train");
    train("test", "-i", test);
    assertSameModel("test");
    Path validation =
        copy(
            "validation",
            image -> image.partition() == Partition.VALIDATION ? "validation" : "train");
    train("validation", "-i", validation);
    assertSameModel("validation");
  }

  private static Path copy(String name, Function<LabeledImage, String> folder) throws IOException {
    Path root = directory.resolve(name);
    for (LabeledImage image : split) {
      Path file = root.resolve(folder.apply(image)).resolve(image.name());
      Files.createDirectories(file.getParent());
      Files.createLink(file, image.path());
    }
    return root;
  }

  @Test
  void splitFoldersCanBeClasses() throws IOException {
    Path root = copy("classes", image -> image.label() < 5 ? "train" : "test");
    Cli cli = run("train", "classes", "-i", root, "--split-folders", "off");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(directory.resolve("classes.txt")).hasContent("test\ntrain\n");
    assertThat(metadata("classes").get("data").has("list")).isFalse();
    Cli evaluated = run("evaluate", "classes");
    assertThat(evaluated.json().get("count")).isEqualTo(cli.json().get("test_count"));
    assertThat(run("train", "classes", "-i", root).err())
        .contains("has no images of 5 classes", "--split-folders");
  }

  @Test
  void groupsClassesExclusionsAndSamplesAreUsedAgainByEvaluate() throws IOException {
    Path exclude = directory.resolve("findings.csv");
    Files.writeString(
        exclude,
        "reason,path\nblurred,images/%s\nblurred,%s\nblurred,gone.jpg\n"
            .formatted(split.get(0).name(), split.get(1).path()));
    Cli trained =
        run(
            "train",
            "selection",
            "-i",
            images,
            "--group-by",
            "/.*([0-9][0-9])\\.",
            "--exclude",
            exclude,
            "--classes",
            "airplane,frog,ship",
            "--max-per-class",
            60);
    assertThat(trained.code()).as(trained.err()).isZero();
    JsonNode data = metadata("selection").get("data");
    assertThat(data.get("images").asInt()).isEqualTo(180);
    assertThat(data.get("list").get("classes").size()).isEqualTo(3);
    for (Object[] same : new Object[][] {{}, {"-i", images}}) {
      Cli evaluated = run("evaluate", "selection", same);
      assertThat(evaluated.code()).as(evaluated.err()).isZero();
      assertThat(evaluated.json().get("count")).isEqualTo(trained.json().get("test_count"));
      assertThat(evaluated.json().get("accuracy").asDouble())
          .isCloseTo(trained.json().get("test_accuracy").asDouble(), within(1e-6));
    }
  }

  @Test
  void predictionsAreAManifest() throws IOException {
    Path all = directory.resolve("all");
    for (LabeledImage image : split) {
      Files.createDirectories(all);
      Files.createLink(all.resolve(image.name().replace('/', '-')), image.path());
    }
    Map<String, JsonNode> models = new HashMap<>();
    for (String format : List.of("csv", "jsonl")) {
      Cli predicted =
          Cli.run("predict", directory.resolve("plain.pb"), all, "--format", format, "--top", 1);
      assertThat(predicted.code()).as(predicted.err()).isZero();
      Path file = directory.resolve("predicted." + format);
      Files.writeString(file, predicted.out());
      Cli plan = run("train", "predicted", "--manifest", file, "--dry-run");
      assertThat(plan.code()).as(plan.err()).isZero();
      models.put(format, ((ObjectNode) plan.json()).remove("classes"));
    }
    assertThat(models.get("csv")).isEqualTo(models.get("jsonl"));
  }
}
