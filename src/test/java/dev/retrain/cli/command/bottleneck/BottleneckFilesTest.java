package dev.retrain.cli.command.bottleneck;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.Cli;
import dev.retrain.cli.process.Interruption;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Import and export of bottleneck files, and pruning of the cache. */
class BottleneckFilesTest {
  private static final int IMAGES = 24;

  @TempDir private static Path computed;
  @TempDir private Path directory;

  private Path images;
  private Path cache;

  /** Images with their vectors, computed once. */
  @BeforeAll
  static void compute() throws IOException {
    SampleImages.write(computed.resolve("images"), 4, 1, Progress.NONE);
    Cli cli =
        Cli.run(
            "bottleneck",
            "-i",
            computed.resolve("images"),
            "--bottleneck-dir",
            computed.resolve("cache"),
            "-b",
            "scattering",
            "-q");
    assertThat(cli.code()).as(cli.err()).isZero();
    cli =
        Cli.run(
            "bottleneck",
            "export",
            computed.resolve("text"),
            "-i",
            computed.resolve("images"),
            "--bottleneck-dir",
            computed.resolve("cache"),
            "-b",
            "scattering",
            "-q");
    assertThat(cli.code()).as(cli.err()).isZero();
  }

  @BeforeEach
  void copy() throws IOException {
    images = directory.resolve("images");
    cache = directory.resolve("cache");
    PathUtils.copyDirectory(computed.resolve("images"), images);
    PathUtils.copyDirectory(computed.resolve("text"), directory.resolve("text"));
  }

  private Cli bottleneck(String command, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("bottleneck"));
    if (!command.isEmpty()) {
      arguments.add(command);
    }
    arguments.addAll(List.of("--bottleneck-dir", cache, "--quiet", "--json"));
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray());
  }

  private JsonNode ok(String command, Object... more) throws IOException {
    Cli cli = bottleneck(command, more);
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.json();
  }

  private JsonNode importing(Object... more) throws IOException {
    return ok("import", with(more, directory.resolve("text"), "-b", "scattering"));
  }

  private JsonNode exporting(String to, Object... more) throws IOException {
    return ok("export", with(more, directory.resolve(to), "-b", "scattering"));
  }

  private JsonNode computing() throws IOException {
    return ok("", "-i", images, "-b", "scattering");
  }

  private static Object[] with(Object[] more, Object... first) {
    return Stream.of(first, more).flatMap(Stream::of).toArray();
  }

  private static void assertCounts(JsonNode json, String expected) throws IOException {
    assertThat(json).isEqualTo(new ObjectMapper().readTree(expected.replace('\'', '"')));
  }

  private static Map<String, String> tree(Path root) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        tree.put(root.relativize(file).toString(), Files.readString(file));
      }
    }
    return tree;
  }

  private Path text(String image) {
    return directory.resolve("text").resolve(image + "_scattering.txt");
  }

  @Test
  void filesAreNamedAfterImageAndBackbone() throws IOException {
    Map<String, String> tree = tree(directory.resolve("text"));
    assertThat(tree).hasSize(IMAGES).containsKey("dots/dots_003.jpg_scattering.txt");
    assertThat(tree.get("dots/dots_003.jpg_scattering.txt").split(",", -1)).hasSize(723);
  }

  @Test
  void importedVectorsAreNotComputedAgain() throws IOException {
    assertCounts(
        importing("-i", images),
        "{'imported': 24, 'already_there': 0, 'without_image': 0, 'skipped': 0}");
    JsonNode result = computing();
    assertThat(result.get("computed").asInt()).isZero();
    assertThat(result.get("reused").asInt()).isEqualTo(IMAGES);
    exporting("again", "-i", images);
    assertThat(tree(directory.resolve("again"))).isEqualTo(tree(directory.resolve("text")));
  }

  /** The images are where the list says; the names are those of the bottleneck files. */
  @Test
  void importFindsTheImagesOfAManifest() throws IOException {
    List<String> rows = new ArrayList<>(List.of("path,label"));
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
    try (Stream<Path> files = Files.walk(images)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        Files.move(file, elsewhere.resolve(file.getFileName()));
        rows.add("elsewhere/%s,%s".formatted(file.getFileName(), file.getParent().getFileName()));
      }
    }
    Path manifest = Files.writeString(directory.resolve("list.csv"), String.join("\n", rows));
    for (String image : tree(directory.resolve("text")).keySet()) {
      Path file = directory.resolve("text").resolve(image);
      Path label = file.getParent().getFileName();
      Path to = directory.resolve("text2").resolve(label).resolve("elsewhere");
      Files.createDirectories(to);
      Files.move(file, to.resolve(file.getFileName()));
    }
    assertCounts(
        ok("import", directory.resolve("text2"), "-b", "scattering", "--manifest", manifest),
        "{'imported':%d,'already_there':0,'without_image':0,'skipped':0}".formatted(IMAGES));
    assertThat(ok("", "--manifest", manifest, "-b", "scattering").get("computed").asInt()).isZero();
  }

  @Test
  void importFindsTheImagesOfSplitFolders() throws IOException {
    Path split = directory.resolve("split");
    for (String label : List.of("checks", "dots")) {
      Path train = Files.createDirectories(split.resolve("train").resolve(label));
      Path test = Files.createDirectories(split.resolve("test").resolve(label));
      for (int i = 0; i < 4; i++) {
        String name = "%s_00%d.jpg".formatted(label, i);
        Files.copy(images.resolve(label).resolve(name), (i < 3 ? train : test).resolve(name));
      }
    }
    JsonNode imported = importing("-i", split);
    assertThat(imported.get("without_image").asInt()).isEqualTo(IMAGES - 8);
    imported = importing("-i", split, "--split-folders", "off");
    assertThat(imported.get("without_image").asInt()).isEqualTo(IMAGES);
  }

  @Test
  void secondImportAddsNothing() throws IOException {
    importing("-i", images);
    String twice = "{'imported': 0, 'already_there': 24, 'without_image': 0, 'skipped': 0}";
    assertCounts(importing("-i", images), twice);
    assertThat(ok("info").at("/backbones/0/vectors").asInt()).isEqualTo(IMAGES);
  }

  @Test
  void computedVectorIsNotReplaced() throws IOException {
    computing();
    Files.writeString(text("dots/dots_000.jpg"), "1.0" + ",2.0".repeat(722));
    assertThat(importing("-i", images).get("already_there").asInt()).isEqualTo(IMAGES);
    exporting("again", "-i", images);
    assertThat(tree(directory.resolve("again"))).isEqualTo(tree(computed.resolve("text")));
  }

  @Test
  void vectorWithoutImageIsCachedByName() throws IOException {
    Files.delete(images.resolve("dots/dots_000.jpg"));
    PathUtils.deleteDirectory(images.resolve("waves"));
    assertCounts(
        importing("-i", images),
        "{'imported': 24, 'already_there': 0, 'without_image': 5, 'skipped': 0}");
    assertThat(ok("info").at("/backbones/0/vectors").asInt()).isEqualTo(IMAGES);
    assertThat(ok("info").at("/backbones/0/without_image").asInt()).isEqualTo(5);
    assertCounts(
        exporting("again", "-i", images), "{'written': 24, 'unchanged': 0, 'without_vector': 0}");
    assertThat(tree(directory.resolve("again"))).isEqualTo(tree(directory.resolve("text")));
  }

  @Test
  void architectureSelectsTheLayout() throws IOException {
    importing("-i", images);
    exporting("oldest", "-i", images, "--architecture", "");
    exporting("other", "-i", images, "--architecture=my_net");
    assertThat(tree(directory.resolve("oldest"))).containsKey("dots/dots_003.jpg.txt");
    assertThat(tree(directory.resolve("other"))).containsKey("dots/dots_003.jpg_my_net.txt");
    for (String from : List.of("oldest", "other")) {
      cache = directory.resolve("cache of " + from);
      String architecture = from.equals("other") ? "my_net" : "";
      assertThat(
              ok(
                      "import",
                      directory.resolve(from),
                      "-i",
                      images,
                      "-b",
                      "scattering",
                      "--architecture",
                      architecture)
                  .get("imported")
                  .asInt())
          .isEqualTo(IMAGES);
      assertThat(computing().get("computed").asInt()).isZero();
    }
  }

  @Test
  void vectorsOfOtherBackboneRequireArchitecture() throws IOException {
    importing("-i", images);
    exporting("other", "-i", images, "--architecture=my_net");
    Cli refused = bottleneck("import", directory.resolve("other"), "-b", "scattering");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("'my_net'", "scattering", "--architecture");
  }

  @Test
  void imagesWithoutVectorsAreCounted() throws IOException {
    importing("-i", images);
    Path moved = Files.move(images, directory.resolve("moved"));
    Files.writeString(moved.resolve("dots/new.jpg"), "not computed yet");
    Files.writeString(moved.resolve("dots/dots_001.jpg"), "changed");
    assertCounts(
        exporting("again", "-i", moved), "{'written': 23, 'unchanged': 0, 'without_vector': 2}");
    // A vector of what an image was before is not its vector.
    assertThat(tree(directory.resolve("again")))
        .hasSize(IMAGES - 1)
        .doesNotContainKey("dots/dots_001.jpg_scattering.txt");
  }

  @Test
  void otherFilesAreOverwrittenOnlyWithForce() throws IOException {
    importing("-i", images);
    exporting("again", "-i", images);
    assertCounts(
        exporting("again", "-i", images), "{'written': 0, 'unchanged': 24, 'without_vector': 0}");
    Path missing = directory.resolve("again/rings/rings_000.jpg_scattering.txt");
    Path other = directory.resolve("again/waves/waves_001.jpg_scattering.txt");
    Files.delete(missing);
    Files.writeString(other, "precious");
    Cli refused =
        bottleneck("export", directory.resolve("again"), "-b", "scattering", "-i", images);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains(other.toString()).contains("--force");
    assertThat(other).hasContent("precious");
    assertThat(missing).doesNotExist();
    assertCounts(
        exporting("again", "-i", images, "--force"),
        "{'written': 2, 'unchanged': 22, 'without_vector': 0}");
    assertThat(tree(directory.resolve("again"))).isEqualTo(tree(directory.resolve("text")));
  }

  @Test
  void truncatedFileIsSkipped() throws IOException {
    Path cut = text("dots/dots_002.jpg");
    byte[] whole = Files.readAllBytes(cut);
    Files.write(cut, Arrays.copyOf(whole, 4096 % whole.length));
    Files.write(text("waves/waves_002.jpg"), new byte[0]);
    assertCounts(
        importing("-i", images),
        "{'imported': 22, 'already_there': 0, 'without_image': 0, 'skipped': 2}");
    cache = directory.resolve("strict");
    Cli strict =
        bottleneck(
            "import", directory.resolve("text"), "-b", "scattering", "-i", images, "--strict");
    assertThat(strict.code()).isEqualTo(1);
    assertThat(strict.err()).contains(cut.toString(), "723");
  }

  @Test
  void manyCorruptFilesFail() throws IOException {
    Cli cli =
        bottleneck(
            "import", directory.resolve("text"), "-i", images, "--architecture", "scattering");
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("24 of 24", "723", "2,048");
    assertThat(ok("info").at("/backbones/0/vectors").asInt()).isZero();
  }

  @Test
  void interruptedImportKeepsImportedVectors() throws IOException {
    Interruption interruption = new Interruption();
    interruption.request();
    Cli cli =
        Cli.run(
            interruption,
            "bottleneck",
            "import",
            directory.resolve("text"),
            "-b",
            "scattering",
            "--bottleneck-dir",
            cache);
    assertThat(cli.code()).isEqualTo(130);
    assertThat(cli.err()).contains("0 of 24", cache.toString());
    assertThat(importing().get("imported").asInt()).isEqualTo(IMAGES);
  }

  @Test
  void importForPublishedBackboneNeedsNoGraph() throws IOException {
    Path text = directory.resolve("inception/cat");
    Files.createDirectories(text);
    Files.writeString(
        text.resolve("a.jpg.txt"), "0.5" + ",1.0".repeat(2047), StandardCharsets.US_ASCII);
    JsonNode result =
        ok("import", directory.resolve("inception"), "--model-dir", directory.resolve("none"));
    assertThat(result.get("imported").asInt()).isEqualTo(1);
    assertThat(ok("info").at("/backbones/0/identity").asText())
        .isEqualTo(
            "v3 graph=009d6814d1bc560d4e7b236e170e9b2d5ca6f4b57bd8037f6db05776204415c6 input=Mul:0"
                + " bottleneck=pool_3:0 size=299x299 mean=128.0 std=128.0 jpeg=1/1 optimized=true"
                + " precision=float32");
    ok("export", directory.resolve("again"));
    assertThat(tree(directory.resolve("again"))).containsOnlyKeys("cat/a.jpg_inception_v3.txt");
  }

  @Test
  void pruneDeletesUnreferencedVectors() throws IOException {
    importing("-i", images);
    Path deleted = images.resolve("dots/dots_000.jpg");
    Path copied = images.resolve("dots/dots_001.jpg");
    Files.copy(copied, images.resolve("dots/copy.jpg"));
    computing();
    Files.delete(deleted);
    Files.delete(copied);
    JsonNode dry = ok("prune", "--dry-run");
    assertThat(dry.get("images").asInt()).isEqualTo(2);
    assertThat(dry.get("vectors").asInt()).isEqualTo(1);
    assertThat(dry.get("bytes").asInt()).isEqualTo(4 * 723);
    assertThat(ok("info").get("images").asInt()).isEqualTo(IMAGES + 1);
    JsonNode done = ok("prune");
    assertThat(done.get("vectors").asInt()).isEqualTo(1);
    assertThat(ok("info").get("images").asInt()).isEqualTo(IMAGES - 1);
    assertThat(ok("info").at("/backbones/0/vectors").asInt()).isEqualTo(IMAGES - 1);
    JsonNode again = computing();
    assertThat(again.get("computed").asInt()).isZero();
    assertThat(ok("prune").get("images").asInt()).isZero();
  }

  @Test
  void pruneOfMissingFolderRequiresForce() throws IOException {
    importing("-i", images);
    Files.move(images, directory.resolve("unmounted"));
    Cli refused = bottleneck("prune");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains(images.resolve("checks").toString(), "5", "--force");
    assertThat(ok("info").at("/backbones/0/vectors").asInt()).isEqualTo(IMAGES);
    assertThat(ok("prune", "-n").get("missing_folders")).hasSize(6);
    long before = ok("info").get("bytes").asLong();
    JsonNode forced = ok("prune", "--force");
    assertThat(forced.get("vectors").asInt()).isEqualTo(IMAGES);
    assertThat(forced.get("backbones").asInt()).isEqualTo(1);
    assertThat(ok("info").get("backbones")).isEmpty();
    assertThat(ok("info").get("bytes").asLong()).isLessThan(before);
    assertThat(forced.get("freed_bytes").asLong()).isPositive();
  }

  @Test
  void pruneKeepsVectorsWithoutImagesUnlessImported() throws IOException {
    importing();
    assertThat(ok("prune").get("vectors").asInt()).isZero();
    assertThat(ok("info").at("/backbones/0/without_image").asInt()).isEqualTo(IMAGES);
    assertThat(ok("prune", "--imported").get("vectors").asInt()).isEqualTo(IMAGES);
    assertThat(ok("info").get("backbones")).isEmpty();
  }

  @Test
  void usageErrorsHaveExitCodeTwo() {
    Path text = directory.resolve("text");
    List<Object[]> wrong =
        List.of(
            new Object[] {"import"},
            new Object[] {"import", directory.resolve("none")},
            new Object[] {"import", text, "-i", directory.resolve("none")},
            new Object[] {"import", text, "-b", "resnet"},
            new Object[] {"export", text},
            new Object[] {"prune"});
    for (Object[] arguments : wrong) {
      Cli cli =
          bottleneck(arguments[0].toString(), Arrays.copyOfRange(arguments, 1, arguments.length));
      assertThat(cli.code()).as(List.of(arguments).toString()).isEqualTo(2);
      assertThat(cli.err()).startsWith("retrain: ").doesNotContain("\tat ");
    }
  }

  @Test
  void imagesOfAManifestAreExported() throws IOException {
    computing();
    Path first;
    try (Stream<Path> files = Files.walk(images)) {
      first = files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
    }
    Path manifest =
        Files.writeString(directory.resolve("list.csv"), "path,label\n%s,own\n".formatted(first));
    assertThat(exporting("listed", "--manifest", manifest).get("written").asInt()).isEqualTo(1);
    try (Stream<Path> written = Files.walk(directory.resolve("listed/own"))) {
      assertThat(written.filter(Files::isRegularFile)).hasSize(1);
    }
    Cli cli =
        bottleneck(
            "export",
            directory.resolve("x"),
            "-b",
            "scattering",
            "-i",
            images,
            "--manifest",
            manifest);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("--manifest");
  }

  @Test
  void exportIntoImageDirectoryIsRejected() throws IOException {
    importing();
    Cli cli = bottleneck("export", images, "-b", "scattering", "-i", images);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains(images.toString());
  }

  @Test
  void exportWithoutVectorsFails() throws IOException {
    importing();
    Cli other = bottleneck("export", directory.resolve("again"), "-b", "inception_v3");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).contains("inception_v3");
    assertThat(directory.resolve("again")).doesNotExist();
  }

  @Test
  void exportOfComputedVectorsRequiresTheImages() throws IOException {
    computing();
    Cli cli = bottleneck("export", directory.resolve("again"));
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("scattering", "--image-dir");
    assertThat(directory.resolve("again")).doesNotExist();
  }

  @Test
  void exportUsesTheOnlyBackboneOfTheCache() throws IOException {
    computing();
    assertCounts(
        ok("export", directory.resolve("again"), "-i", images),
        "{'written': 24, 'unchanged': 0, 'without_vector': 0}");
    assertThat(tree(directory.resolve("again"))).isEqualTo(tree(directory.resolve("text")));
  }

  @Test
  void exportIdentifiesVariantsOfTheOnlyBackbone() throws IOException {
    Cli cli =
        bottleneck("", "-i", images, "-b", "scattering", "--features", "grid", "--no-optimize");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(ok("export", directory.resolve("again"), "-i", images).get("written").asInt())
        .isEqualTo(IMAGES);
    assertThat(tree(directory.resolve("again")))
        .containsKey("dots/dots_001.jpg_scattering_grid.txt");
  }

  @Test
  void exportListsTheBackbonesOfTheCacheIfThereAreSeveral() throws IOException {
    computing();
    Cli cli = bottleneck("", "-i", images, "-b", "scattering", "--mirror");
    assertThat(cli.code()).as(cli.err()).isZero();
    Cli ambiguous = bottleneck("export", directory.resolve("again"), "-i", images);
    assertThat(ambiguous.code()).isEqualTo(2);
    assertThat(ambiguous.err()).contains("scattering, scattering", "--backbone");
    assertThat(directory.resolve("again")).doesNotExist();
  }

  @Test
  void importSaysWhichBackboneItAssumes() {
    Cli cli = bottleneck("import", directory.resolve("text"));
    // The suffix of the files is that of another backbone, or the vectors have another length.
    assertThat(cli.err()).contains("inception_v3");
    Cli named =
        Cli.run(
            "bottleneck",
            "import",
            directory.resolve("text"),
            "--bottleneck-dir",
            cache,
            "-b",
            "scattering",
            "-i",
            images);
    assertThat(named.out()).contains("24 vectors of scattering imported into " + cache);
  }

  @Test
  void exportIgnoresVariantsAndNamesFeatureSets() throws IOException {
    computing();
    Cli trained =
        Cli.run(
            "train",
            "-i",
            images,
            "--bottleneck-dir",
            cache,
            "-b",
            "scattering",
            "--augment",
            2,
            "--iterations",
            1,
            "-q",
            "--output-graph",
            directory.resolve("m.pb"),
            "--output-labels",
            directory.resolve("m.txt"),
            "--summaries-dir",
            directory.resolve("s"));
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(ok("export", directory.resolve("one"), "-i", images).get("written").asInt())
        .isEqualTo(IMAGES);

    ok("", "-i", images, "-b", "scattering", "--features", "multi");
    Cli several = bottleneck("export", directory.resolve("two"), "-i", images);
    assertThat(several.code()).isEqualTo(2);
    assertThat(several.err()).contains("(scattering, scattering_multi)");
  }

  @Test
  void infoReportsMissingAndDamagedVectors() throws IOException {
    computing();
    assertThat(ok("info").at("/backbones/0/damaged").asInt()).isZero();
    Path file = cache.resolve("vectors-1-0.bin");
    byte[] bytes = Files.readAllBytes(file);
    bytes[100] ^= 1;
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));

    assertThat(ok("info").at("/backbones/0/damaged").asInt()).isEqualTo(1);
    assertThat(ok("info", "--verify-content").at("/backbones/0/damaged").asInt()).isEqualTo(2);
    Cli text = Cli.run("bottleneck", "info", "--bottleneck-dir", cache);
    assertThat(text.out()).contains("1 of them are missing or damaged in " + file);
  }
}
