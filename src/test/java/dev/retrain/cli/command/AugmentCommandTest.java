package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.augment.AugmentationOptions;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.dataset.split.Splitter;
import dev.retrain.image.PixelLimit;
import dev.retrain.job.dataset.AugmentJob;
import dev.retrain.testing.SharedData;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.io.Sha256;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The augment command; its copies are used for training only. */
class AugmentCommandTest {
  private static final Pattern COPY = Pattern.compile("(.+\\.jpg)_nohash_(\\d+)\\.png");
  private static final int PER_CLASS = 12;

  @TempDir Path directory;
  private Path images;

  @BeforeEach
  void names() {
    images = directory.resolve("images");
  }

  /** 500 real images, 23 of the first class to 77 of the last. */
  private void unbalanced() throws IOException {
    SharedData.cifar10(images, 77);
    int keep = 23;
    for (Path label : list(images)) {
      List<Path> files = list(label);
      for (Path file : files.subList(keep, files.size())) {
        Files.delete(file);
      }
      keep += 6;
    }
  }

  private void samples() throws IOException {
    SampleImages.write(images, PER_CLASS, 1, Progress.NONE);
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** Everything below a directory, hidden or not, with its checksum. */
  private static Map<String, String> tree(Path root) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        tree.put(root.relativize(file).toString().replace('\\', '/'), Sha256.sha256(file));
      }
    }
    return tree;
  }

  private static Map<String, Partition> partitions(Path root) throws IOException {
    ImageFolder folder = ImageFolder.scan(root);
    Map<String, Partition> partitions = new TreeMap<>();
    for (LabeledImage image :
        Splitter.split(folder, folder.files(), SplitOptions.DEFAULT).images()) {
      partitions.put(image.name(), image.partition());
    }
    return partitions;
  }

  private List<String> trainingImages(String label) throws IOException {
    return partitions(images).entrySet().stream()
        .filter(entry -> entry.getValue() == Partition.TRAINING)
        .map(Map.Entry::getKey)
        .filter(name -> name.startsWith(label + "/"))
        .toList();
  }

  private JsonNode augment(Path to, Object... more) throws IOException {
    List<Object> arguments =
        new ArrayList<>(List.of("augment", "-i", images, "--to", to, "--quiet", "--json"));
    arguments.addAll(List.of(more));
    Cli cli = Cli.run(arguments.toArray());
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.json();
  }

  @Test
  void classesAreFilledWithCopiesOfTrainingImages() throws IOException {
    unbalanced();
    Path to = directory.resolve("to");
    Map<String, Partition> before = partitions(images);

    JsonNode result = augment(to);

    assertThat(result.get("per_class").asInt()).isEqualTo(77);
    assertThat(result.get("originals_added").asInt()).isEqualTo(500);
    assertThat(result.get("copies_added").asInt()).isEqualTo(270);
    for (Path label : list(to)) {
      assertThat(list(label)).as(label.toString()).hasSize(77);
      Map<String, Integer> copies = new TreeMap<>();
      for (Path file : list(label)) {
        Matcher matcher = COPY.matcher(file.getFileName().toString());
        Path source = images.resolve(label.getFileName());
        if (matcher.matches()) {
          String name = label.getFileName() + "/" + matcher.group(1);
          assertThat(before.get(name)).as(file.toString()).isEqualTo(Partition.TRAINING);
          copies.merge(name, 1, Integer::sum);
          BufferedImage copy = ImageIO.read(file.toFile());
          assertThat(copy.getWidth()).isEqualTo(32);
          assertThat(copy.getHeight()).isEqualTo(32);
        } else {
          assertThat(Files.isSameFile(file, source.resolve(file.getFileName()))).isTrue();
        }
      }
      if (list(label).size() > list(images.resolve(label.getFileName())).size()) {
        trainingImages(label.getFileName().toString()).forEach(name -> copies.putIfAbsent(name, 0));
        IntSummaryStatistics each =
            copies.values().stream().mapToInt(Integer::intValue).summaryStatistics();
        assertThat(each.getMax() - each.getMin()).as(label.toString()).isLessThanOrEqualTo(1);
      }
    }
    Map<String, Partition> after = partitions(to);
    assertThat(after).hasSize(770).containsAllEntriesOf(before);

    Map<String, String> full = tree(to);
    Cli again = Cli.run("augment", "-i", images, "--to", to, "-q");
    assertThat(again.code()).isZero();
    assertThat(again.out()).contains("77", "270").hasLineCount(1);
    assertThat(tree(to)).isEqualTo(full);
  }

  @Test
  void copiesAreDeterminedByTheSeed() throws IOException {
    samples();
    Path one = directory.resolve("one");
    Path two = directory.resolve("two");
    Path other = directory.resolve("other");
    augment(one, "--per-class", 30);
    augment(two, "--per-class", 20);
    augment(two, "--per-class", 30);
    augment(other, "--per-class", 30, "--seed", 2);

    assertThat(tree(two)).isEqualTo(tree(one));
    assertThat(tree(other).keySet()).isEqualTo(tree(one).keySet());
    tree(other)
        .forEach(
            (name, checksum) -> {
              if (COPY.matcher(name).matches()) {
                assertThat(checksum).as(name).isNotIn(values(one));
              }
            });

    // In place.
    augment(images, "--per-class", 30);
    assertThat(tree(images)).isEqualTo(tree(one));
  }

  private static Iterable<String> values(Path root) {
    try {
      return tree(root).values();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void interruptedRunResumesWithTheSameFiles() throws IOException {
    samples();
    Path reference = directory.resolve("reference");
    augment(reference, "--per-class", 30);
    // 72 originals, then 6 times 18 copies.
    for (long after : new long[] {10, 72, 80, 150, 179}) {
      Path to = directory.resolve("after" + after);
      AugmentJob job =
          new AugmentJob(
              images,
              to,
              SplitOptions.DEFAULT,
              OptionalInt.of(30),
              AugmentationOptions.DEFAULT,
              PixelLimit.DEFAULT);
      assertThatThrownBy(() -> job.run(stopAfter(after))).isInstanceOf(CancelledException.class);
      assertThat(tree(to).size()).isBetween((int) after, 180);
      assertThat(tree(reference)).containsAllEntriesOf(tree(to));

      augment(to, "--per-class", 30);

      assertThat(tree(to)).isEqualTo(tree(reference));
    }
  }

  private static Progress stopAfter(long count) {
    AtomicLong done = new AtomicLong();
    return new Progress() {
      @Override
      public void begin(String stage, String unit, long total) {}

      @Override
      public void advance(long more) {
        done.addAndGet(more);
      }

      @Override
      public void end() {}

      @Override
      public boolean cancelled() {
        return done.get() >= count;
      }
    };
  }

  @Test
  void unreadableImagesAreSkippedAndReplacedByOthers() throws IOException {
    samples();
    String broken = trainingImages("rings").get(0);
    Files.writeString(images.resolve(broken), "no image");
    Path link = images.resolve("waves/link.jpg");
    Files.createSymbolicLink(link, Path.of("nowhere"));
    Path to = directory.resolve("to");

    JsonNode result = augment(to, "--per-class", 40);

    assertThat(result.get("skipped").asInt()).isEqualTo(2);
    assertThat(result.at("/skipped_images/0/path").asText()).isEqualTo(link.toString());
    assertThat(result.at("/skipped_images/0/reason").asText()).isNotBlank();
    assertThat(result.at("/skipped_images/1/path").asText())
        .isEqualTo(to.resolve(broken).toString());
    assertThat(result.at("/skipped_images/1/reason").asText()).isNotBlank();
    assertThat(list(to.resolve("rings")))
        .hasSize(40)
        .noneMatch(file -> file.toString().contains(broken + "_nohash_"));

    Map<String, String> full = tree(to);
    augment(to, "--per-class", 40);
    assertThat(tree(to)).isEqualTo(full);
  }

  @Test
  void classWithoutReadableImagesIsNamed() throws IOException {
    samples();
    for (String name : trainingImages("rings")) {
      Files.writeString(images.resolve(name), "no image");
    }

    Cli cli =
        Cli.run("augment", "-i", images, "--to", directory.resolve("to"), "--per-class", 40, "-q");

    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("'rings'").doesNotContain("\tat ");
  }

  @Test
  void aManifestIsRefused() {
    Cli cli = Cli.run("augment", "--manifest", "list.csv", "--to", directory.resolve("to"));
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("--manifest is not accepted", "use --image-dir");
  }

  @Test
  void foldersOfSetsAreNoClasses() throws IOException {
    samples();
    Path sets = directory.resolve("sets");
    for (String set : List.of("train", "val")) {
      for (String label : List.of("dots", "rings")) {
        Path to = Files.createDirectories(sets.resolve(set).resolve(label));
        Path from = images.resolve(label);
        try (Stream<Path> files = Files.list(from)) {
          for (Path file : files.limit(5).toList()) {
            Files.copy(file, to.resolve(file.getFileName()));
          }
        }
      }
    }
    Cli cli = Cli.run("augment", "-i", sets, "--to", directory.resolve("to"), "-q");
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains(sets.toString(), "augment its folder of training images only");
    assertThat(directory.resolve("to")).doesNotExist();
    cli = Cli.run("augment", "-i", sets, "--contact-sheet", directory.resolve("s.png"), "-q");
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("augment its folder of training images only");
  }

  @Test
  void testFilesAreNotCopied() throws IOException {
    samples();
    Path to = directory.resolve("to");

    augment(to, "--per-class", 40, "--test-files", "*_00[0-3].jpg");

    assertThat(tree(to).keySet().stream().filter(name -> COPY.matcher(name).matches()))
        .hasSize(6 * 28)
        .noneMatch(name -> name.matches(".*_00[0-3]\\.jpg_nohash_.*"));
  }

  @Test
  void copiesAreInTheTrainingSetOnly() throws IOException {
    samples();
    JsonNode before = train("before");
    // Other images, so that each has a vector of its own.
    Path others = directory.resolve("others");
    SampleImages.write(others, PER_CLASS, 2, Progress.NONE);
    for (String name : tree(images).keySet()) {
      Files.copy(others.resolve(name), images.resolve(name + "_nohash_1.png"));
    }

    JsonNode after = train("after");

    int training = before.get("training").asInt();
    assertThat(after.get("training").asInt()).isEqualTo(2 * training);
    assertThat(after.get("validation")).isEqualTo(before.get("validation"));
    assertThat(after.get("test")).isEqualTo(before.get("test"));
    assertThat(after.get("images").asInt()).isEqualTo(6 * PER_CLASS + training);
    assertThat(after.get("fingerprint")).isNotEqualTo(before.get("fingerprint"));
    // The vectors of excluded images are not computed.
    assertThat(
            Cli.run(
                    "bottleneck",
                    "info",
                    "--json",
                    "--bottleneck-dir",
                    directory.resolve("bottleneck"))
                .json()
                .at("/backbones/0/vectors")
                .asInt())
        .isEqualTo(6 * PER_CLASS + training);
  }

  private JsonNode train(String run) throws IOException {
    Path results = directory.resolve(run);
    Cli cli =
        Cli.run(
            "train",
            "-i",
            images,
            "-b",
            "scattering",
            "--iterations",
            20,
            "--bottleneck-dir",
            directory.resolve("bottleneck"),
            "-o",
            results.resolve("graph.pb"),
            "--output-labels",
            results.resolve("labels.txt"),
            "--summaries-dir",
            results.resolve("logs"),
            "--no-plots",
            "-q");
    assertThat(cli.code()).as(cli.err()).isZero();
    return new ObjectMapper().readTree(results.resolve("graph.json").toFile()).get("data");
  }

  @Test
  void contactSheetShowsTheCopiesAndWritesNothingElse() throws IOException {
    samples();
    Map<String, String> before = tree(directory);
    Path sheet = directory.resolve("sheet.png");
    String first = trainingImages("checks").get(0);

    Cli cli = Cli.run("augment", "-i", images, "--contact-sheet", sheet, "-q", "--json");

    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.json().get("image").asText()).isEqualTo(images.resolve(first).toString());
    Map<String, String> after = tree(directory);
    assertThat(after.remove("sheet.png")).isNotNull();
    assertThat(after).isEqualTo(before);

    String named = trainingImages("dots").get(1);
    Path second = directory.resolve("second.png");
    assertThat(
            Cli.run(
                    "augment",
                    "-i",
                    images,
                    "--contact-sheet",
                    second,
                    "--image",
                    images.resolve(named),
                    "-q")
                .code())
        .isZero();
    Path to = directory.resolve("to");
    augment(to, "--per-class", 30);
    assertShows(sheet, to.resolve(first + "_nohash_1.png"));
    assertShows(second, to.resolve(named + "_nohash_1.png"));
  }

  // The second of the small images, twice as large, after the first and two gaps of 4.
  private static void assertShows(Path sheet, Path copy) throws IOException {
    BufferedImage shown = read(sheet);
    BufferedImage image = read(copy);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        assertThat(shown.getRGB(2 * x + 2 * image.getWidth() + 8, 2 * y + 4))
            .as("%s at column %d, row %d", copy, x, y)
            .isEqualTo(image.getRGB(x, y));
      }
    }
  }

  private static BufferedImage read(Path png) throws IOException {
    // ImageIO.read returns null if a stream's temporary file can't be read.
    ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
    try (ImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(Files.readAllBytes(png)))) {
      reader.setInput(in);
      return reader.read(0);
    } finally {
      reader.dispose();
    }
  }

  @Test
  void usageErrorWritesNothing() throws IOException {
    samples();
    Path to = directory.resolve("to");
    Path sheet = directory.resolve("sheet.png");
    Path file = Files.writeString(directory.resolve("file"), "");
    Map<String, String> before = tree(directory);
    List<Object[]> wrong =
        List.of(
            new Object[] {"--per-class", 10},
            new Object[] {"--to", to, "--per-class", 0},
            new Object[] {"--to", to, "--rotation", 200},
            new Object[] {"--to", to, "--zoom", 1},
            new Object[] {"--to", to, "--shear", -1},
            new Object[] {"--to", to, "--test-files", "[x"},
            new Object[] {"--to", to, "--image", file},
            new Object[] {"--to", to, "--contact-sheet", sheet},
            new Object[] {"--to", file},
            new Object[] {"--to", images.resolve("more")},
            new Object[] {"--to", directory},
            new Object[] {"--to", to, "-i", directory.resolve("none")},
            new Object[] {"--contact-sheet", sheet, "-i", directory.resolve("none")},
            new Object[] {"--contact-sheet", sheet, "--image", directory.resolve("none.jpg")},
            new Object[] {"--contact-sheet", images.resolve("rings/rings_000.jpg")},
            new Object[] {"--contact-sheet", images.resolve("new.png")},
            new Object[] {"--contact-sheet", file, "--image", file});
    for (Object[] options : wrong) {
      List<Object> arguments = new ArrayList<>(List.of("augment"));
      if (!List.of(options).contains("-i")) {
        arguments.addAll(List.of("-i", images));
      }
      arguments.addAll(List.of(options));
      Cli cli = Cli.run(arguments.toArray());
      assertThat(cli.code()).as(List.of(options).toString()).isEqualTo(2);
      assertThat(cli.err()).startsWith("retrain: ").doesNotContain("\tat ");
    }
    assertThat(tree(directory)).isEqualTo(before);
    assertThat(to).doesNotExist();
  }

  @Test
  void onlyDefaultImagesHaveDefaultTarget() throws IOException {
    samples();
    Cli own = Cli.run("augment", "-i", images);
    assertThat(own.code()).isEqualTo(2);
    assertThat(own.err()).contains("--to");
    Cli defaults = Cli.run("augment");
    assertThat(defaults.code()).isEqualTo(2);
    assertThat(defaults.err()).contains("data/train").doesNotContain("--to");
  }

  @Test
  void unreadableImageMakesNoContactSheet() throws IOException {
    Path file = Files.writeString(directory.resolve("file.jpg"), "no image");
    Path sheet = directory.resolve("sheet.png");

    Cli cli = Cli.run("augment", "--contact-sheet", sheet, "--image", file, "-q");

    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains(file.toString(), "--image");
    assertThat(sheet).doesNotExist();
  }
}
