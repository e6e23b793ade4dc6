package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.testing.Graphs;
import dev.retrain.testing.TestImages;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command that reads images reads them from archives, with the same results. */
class ArchiveCommandsTest {
  private static final List<String> KINDS =
      List.of("photos", "photos.zip", "photos.tar", "photos.tar.gz");

  @TempDir private static Path directory;

  /** 1,000 images of four classes, as a directory and packed; a model of each. */
  @BeforeAll
  static void train() throws IOException {
    Path photos = directory.resolve("photos");
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      int label = i % 4;
      Path file = photos.resolve("class %d/%03d.png".formatted(label, i));
      Files.createDirectories(file.getParent());
      Files.write(
          file,
          TestImages.file(
              TestImages.paint(
                  32, 32, (x, y) -> 0x404040 * (label == x / 8 ? 3 : 1) + random.nextInt(64)),
              "png"));
    }
    pack(photos, directory);
    Files.write(directory.resolve("net.pb"), Graphs.meanColour(8, 8).toByteArray());
    for (String kind : KINDS) {
      Cli trained =
          Cli.run(
              "train",
              "-i",
              directory.resolve(kind),
              "--graph",
              directory.resolve("net.pb"),
              "--bottleneck",
              "relu@4x4",
              "--bottleneck-dir",
              directory.resolve(kind + "-cache"),
              "--iterations",
              30,
              "-o",
              directory.resolve(kind + ".pb"),
              "--output-labels",
              directory.resolve(kind + ".txt"),
              "--summaries-dir",
              directory.resolve("logs"),
              "--embedding",
              "--no-plots",
              "--json",
              "-q");
      assertThat(trained.code()).as(trained.err()).isZero();
      assertThat(trained.err()).isEmpty();
    }
  }

  /** Packs a directory with its own name in front, as users do. */
  static void pack(Path photos, Path target) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(photos)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files.put(photos.getParent().relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(target.resolve("photos.zip")))) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
      }
    }
    for (String name : List.of("photos.tar", "photos.tar.gz")) {
      try (OutputStream out = Files.newOutputStream(target.resolve(name));
          OutputStream packed = name.endsWith("gz") ? new GZIPOutputStream(out) : out;
          TarArchiveOutputStream tar = new TarArchiveOutputStream(packed)) {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
          TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
          entry.setSize(file.getValue().length);
          tar.putArchiveEntry(entry);
          tar.write(file.getValue());
          tar.closeArchiveEntry();
        }
      }
    }
  }

  private static JsonNode metadata(String kind) throws IOException {
    return new ObjectMapper().readTree(directory.resolve(kind + ".json").toFile());
  }

  private static JsonNode json(Object... arguments) throws IOException {
    Cli cli = Cli.run(arguments);
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.json();
  }

  @Test
  void modelIsTheSameByteForByte() throws IOException {
    for (String kind : KINDS) {
      assertThat(directory.resolve(kind + ".pb"))
          .hasSameBinaryContentAs(directory.resolve("photos.pb"));
      assertThat(metadata(kind).at("/data/fingerprint"))
          .isEqualTo(metadata("photos").at("/data/fingerprint"));
      assertThat(metadata(kind).at("/data/directory").asText())
          .isEqualTo(directory.resolve(kind) + (kind.equals("photos") ? "" : "/photos"));
    }
  }

  @Test
  void secondRunReadsNothing() throws IOException {
    for (String kind : KINDS) {
      JsonNode again =
          json(
              "bottleneck",
              "-i",
              directory.resolve(kind),
              "--graph",
              directory.resolve("net.pb"),
              "--bottleneck",
              "relu@4x4",
              "--bottleneck-dir",
              directory.resolve(kind + "-cache"),
              "--json");
      assertThat(again.get("computed").asInt()).as(kind).isZero();
      assertThat(again.get("reused").asInt()).as(kind).isEqualTo(1000);
      try (BottleneckCache cache = new BottleneckCache(directory.resolve(kind + "-cache"))) {
        assertThat(cache.imagesBelow(directory.resolve(kind))).hasSize(1000);
      }
    }
  }

  @Test
  void evaluationIsTheSame() throws IOException {
    List<JsonNode> found = new ArrayList<>();
    for (String kind : KINDS) {
      // Its own directory, as the metadata names it.
      JsonNode own =
          json(
              "evaluate",
              directory.resolve(kind + ".pb"),
              "--bottleneck-dir",
              directory.resolve(kind + "-cache"),
              "--json");
      // The same images elsewhere: training images are recognized by their content.
      JsonNode other =
          json(
              "evaluate",
              directory.resolve("photos.pb"),
              "-i",
              directory.resolve(kind),
              "--bottleneck-dir",
              directory.resolve("photos-cache"),
              "--json");
      assertThat(own.get("count")).isEqualTo(other.get("count"));
      assertThat(own.get("accuracy")).isEqualTo(other.get("accuracy"));
      found.add(own.get("loss"));
    }
    assertThat(found).allMatch(loss -> loss.equals(found.get(0)));
  }

  @Test
  void predictionNamesTheEntries() throws IOException {
    List<String> expected = List.of();
    for (String kind : KINDS) {
      Cli cli =
          Cli.run(
              "predict",
              directory.resolve("photos.pb"),
              directory.resolve(kind),
              "--format",
              "csv");
      assertThat(cli.code()).as(cli.err()).isZero();
      String inside = directory.resolve(kind) + (kind.equals("photos") ? "/" : "/photos/");
      List<String> lines = cli.out().lines().map(line -> line.replace(inside, "")).toList();
      assertThat(lines).hasSize(1001).noneMatch(line -> line.contains(kind + "/photos"));
      expected = kind.equals("photos") ? lines : expected;
      assertThat(lines).isEqualTo(expected);
    }
    Cli one =
        Cli.run(
            "predict",
            directory.resolve("photos.pb"),
            directory.resolve("photos.zip/photos/class 1/001.png"),
            "--json");
    assertThat(one.code()).as(one.err()).isZero();
    assertThat(one.out()).contains("photos.zip/photos/class 1/001.png");
  }

  /** A document is a zip archive, too. */
  @Test
  void predictExpandsOnlyFilesThatAreCalledArchives() throws IOException {
    Path document = directory.resolve("notes.docx");
    Files.copy(directory.resolve("photos.zip"), document);
    Cli cli = Cli.run("predict", directory.resolve("photos.pb"), document);
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("notes.docx: not a JPEG");
  }

  @Test
  void reportShowsTheImages() throws IOException {
    String expected = null;
    for (String kind : KINDS) {
      JsonNode report =
          json(
              "report",
              directory.resolve(kind + ".pb"),
              "--bottleneck-dir",
              directory.resolve(kind + "-cache"),
              "-o",
              directory.resolve(kind + ".html"),
              "--json");
      assertThat(report.get("images").asInt()).as(kind).isPositive();
      expected = expected == null ? report.get("images").asText() : expected;
      assertThat(report.get("images").asText()).isEqualTo(expected);
    }
  }

  @Test
  void sweepAndDryRunAndAugmentReadArchives() throws IOException {
    for (String kind : KINDS) {
      JsonNode plan =
          json(
              "train",
              "-i",
              directory.resolve(kind),
              "--graph",
              directory.resolve("net.pb"),
              "--bottleneck",
              "relu@4x4",
              "--dry-run",
              "--json");
      assertThat(plan.at("/classes")).hasSize(4);
      Cli sweep =
          Cli.run(
              "sweep",
              "-i",
              directory.resolve(kind),
              "--graph",
              directory.resolve("net.pb"),
              "--bottleneck",
              "relu@4x4",
              "--bottleneck-dir",
              directory.resolve(kind + "-cache"),
              "--iterations",
              10,
              "--lr",
              "0.1,0.01",
              "--summaries-dir",
              directory.resolve(kind + "-sweep"),
              "-o",
              directory.resolve(kind + "-sweep.pb"),
              "--output-labels",
              directory.resolve(kind + "-sweep.txt"),
              "--no-plots",
              "-q");
      assertThat(sweep.code()).as(sweep.err()).isZero();
      assertThat(directory.resolve(kind + "-sweep.pb"))
          .hasSameBinaryContentAs(directory.resolve("photos-sweep.pb"));
    }
    Path images = directory.resolve("small/photos");
    SampleImages.write(images, 3, 1, Progress.NONE);
    pack(images, images.getParent());
    Path more = directory.resolve("more");
    Cli augmented =
        Cli.run(
            "augment",
            "-i",
            images.resolveSibling("photos.zip"),
            "--to",
            more,
            "--per-class",
            4,
            "-q");
    assertThat(augmented.code()).as(augmented.err()).isZero();
    for (ImageFile file : ImageFolder.scan(images).files()) {
      assertThat(more.resolve(file.name())).hasSameBinaryContentAs(file.path());
    }
  }

  /** retrain.py's bottleneck files of a directory and of an archive. */
  @Test
  void textFilesAreThoseOfTheDirectory() throws IOException {
    for (String kind : KINDS) {
      List<Object> options =
          List.of(
              "-i",
              directory.resolve(kind),
              "--graph",
              directory.resolve("net.pb"),
              "--bottleneck",
              "relu@4x4",
              "--architecture",
              "mean_colour",
              "-q");
      Path texts = directory.resolve(kind + "-texts");
      assertThat(bottleneck("export", texts, kind + "-cache", options)).isEmpty();
      // Before the vectors are imported, the cache is empty.
      assertThat(bottleneck("import", texts, kind + "-imported", options)).isEmpty();
      try (BottleneckCache cache = new BottleneckCache(directory.resolve(kind + "-imported"))) {
        assertThat(cache.imagesBelow(directory.resolve(kind))).hasSize(1000);
      }
      try (Stream<Path> files = Files.walk(directory.resolve("photos-texts"))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          assertThat(texts.resolve(directory.resolve("photos-texts").relativize(file)))
              .hasSameBinaryContentAs(file);
        }
      }
    }
  }

  private static String bottleneck(String command, Path texts, String cache, List<Object> options) {
    List<Object> words = new ArrayList<>(List.of("bottleneck", command, texts));
    words.addAll(List.of("--bottleneck-dir", directory.resolve(cache)));
    words.addAll(options);
    Cli cli = Cli.run(words.toArray());
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.err();
  }

  @Test
  void pathsInAnArchiveCanBeExcluded() throws IOException {
    Path archive = directory.resolve("photos.zip");
    Path first = ImageFolder.list(archive).files().get(0).path();
    Path list = Files.writeString(directory.resolve("exclude.txt"), first + "\n");
    Cli cli =
        Cli.run(
            "train",
            "--dry-run",
            "-i",
            archive,
            "--exclude",
            list,
            "--graph",
            directory.resolve("net.pb"),
            "--bottleneck",
            "relu@4x4",
            "--bottleneck-dir",
            directory.resolve("photos.zip-cache"),
            "--json");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.json().get("files").asInt()).isEqualTo(999);
  }

  @Test
  void outputNeverOverwritesTheArchive() throws IOException {
    Path archive = directory.resolve("photos.zip");
    byte[] content = Files.readAllBytes(archive);
    for (List<Object> command :
        List.<List<Object>>of(
            List.of(
                "train",
                "-i",
                archive,
                "--graph",
                directory.resolve("net.pb"),
                "--bottleneck",
                "relu@4x4",
                "-f",
                "-o",
                archive),
            List.of("evaluate", directory.resolve("photos.zip.pb"), "--predictions", archive),
            List.of("report", directory.resolve("photos.zip.pb"), "-f", "-o", archive))) {
      Cli cli = Cli.run(command.toArray());
      assertThat(cli.code()).as(cli.err()).isEqualTo(2);
      assertThat(cli.err()).contains("would overwrite " + archive);
    }
    assertThat(archive).hasBinaryContent(content);
  }

  /** After a change, images that are still there are known by their content. */
  @Test
  void changedArchiveIsReadAgain() throws IOException {
    Path images = directory.resolve("changing/photos");
    SampleImages.write(images, 4, 1, Progress.NONE);
    pack(images, images.getParent());
    Object[] command = {
      "bottleneck",
      "-i",
      images.resolveSibling("photos.zip"),
      "--graph",
      directory.resolve("net.pb"),
      "--bottleneck",
      "relu@4x4",
      "--bottleneck-dir",
      directory.resolve("changing/cache"),
      "--json"
    };
    assertThat(json(command).get("computed").asInt()).isEqualTo(24);
    Path file = ImageFolder.scan(images).files().get(0).path();
    Path other = ImageFolder.scan(images).files().get(1).path();
    byte[] content = Files.readAllBytes(file);
    content[content.length - 9] ^= 0;
    Files.write(file, Files.readAllBytes(other));
    Files.write(other, content);
    SampleImages.write(directory.resolve("changing/new"), 1, 99, Progress.NONE);
    Files.copy(
        ImageFolder.list(directory.resolve("changing/new")).files().get(0).path(),
        file.resolveSibling("new.png"));
    pack(images, images.getParent());
    JsonNode again = json(command);
    assertThat(again.get("computed").asInt()).isEqualTo(1);
    assertThat(again.get("reused").asInt()).isEqualTo(24);
  }
}
