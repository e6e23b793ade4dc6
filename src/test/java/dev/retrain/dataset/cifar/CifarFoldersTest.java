package dev.retrain.dataset.cifar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.dataset.ImageFolder;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarFoldersTest {
  private static final String SHA256 = "0".repeat(64);
  private static final int PER_BATCH = 130;
  private static final int IMAGES = 6 * PER_BATCH;

  @TempDir Path directory;
  private Path train;
  private Path second;
  private SampleArchive sample;
  private CifarArchive archive;

  @BeforeEach
  void makeArchive() throws IOException {
    train = directory.resolve("train");
    second = directory.resolve("train2");
    sample = new SampleArchive(1, PER_BATCH);
    archive = CifarArchive.check(sample.write(directory.resolve("a.tar.gz")), Progress.NONE);
  }

  private CifarFolders folders() {
    return new CifarFolders(train, Optional.of(second));
  }

  private CifarResult write() throws IOException {
    return folders().write(archive, SHA256, Progress.NONE);
  }

  /** Content of all files below a directory, by their names there. */
  private static Map<String, String> tree(Path directory) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        tree.put(
            directory.relativize(file).toString(),
            HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return tree;
  }

  private Map<String, String> images(Path directory) throws IOException {
    Map<String, String> tree = tree(directory);
    tree.keySet().removeIf(name -> name.startsWith(".cifar-10."));
    return tree;
  }

  private String anyName() {
    return sample.images().keySet().stream().skip(577).findFirst().orElseThrow();
  }

  @Test
  void everyImageIsWrittenExactly() throws IOException {
    CifarResult result = write();

    for (Path place : List.of(train, second)) {
      assertThat(images(place).keySet()).isEqualTo(sample.images().keySet());
      for (Map.Entry<String, int[]> image : sample.images().entrySet()) {
        BufferedImage read = ImageIO.read(place.resolve(image.getKey()).toFile());
        assertThat(read.getWidth()).isEqualTo(32);
        assertThat(read.getHeight()).isEqualTo(32);
        assertThat(read.getRGB(0, 0, 32, 32, null, 0, 32)).isEqualTo(image.getValue());
      }
    }
    assertThat(result.images()).isEqualTo(IMAGES);
    assertThat(result.written()).isEqualTo(IMAGES);
    assertThat(result.alreadyThere()).isZero();
    assertThat(result.restored()).isEmpty();
    assertThat(result.bytes())
        .isEqualTo(images(train).values().stream().mapToLong(hex -> hex.length() / 2).sum());
  }

  @Test
  void imageFolderListsOnlyTheImages() throws IOException {
    write();
    ImageFolder scanned = ImageFolder.scan(train);
    assertThat(scanned.labels())
        .containsExactly(
            "bird", "car", "cat", "deer", "dog", "frog", "horse", "plane", "ship", "truck");
    assertThat(scanned.files()).hasSize(IMAGES);
    assertThat(scanned.notices()).isEmpty();
  }

  @Test
  void secondDirectoryContainsLinks() throws IOException {
    Assumptions.assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("unix"));
    CifarResult result = write();
    assertThat(result.linked()).isEqualTo(IMAGES);
    assertThat(result.copied()).isZero();
    for (String name : sample.images().keySet()) {
      assertThat(Files.getAttribute(second.resolve(name), "unix:ino"))
          .isEqualTo(Files.getAttribute(train.resolve(name), "unix:ino"));
      assertThat(Files.getAttribute(train.resolve(name), "unix:nlink")).isEqualTo(2);
    }
  }

  @Test
  void imagesAreCopiedToAnotherFileSystem() throws IOException {
    Path memory = Path.of("/dev/shm");
    Assumptions.assumeTrue(
        Files.isWritable(memory)
            && !Files.getFileStore(memory).equals(Files.getFileStore(directory)));
    Path elsewhere = Files.createTempDirectory(memory, "retrain");
    try {
      Files.createSymbolicLink(second, elsewhere);
      CifarResult result = write();
      assertThat(result.linked()).isZero();
      assertThat(result.copied()).isEqualTo(IMAGES);
      assertThat(images(elsewhere)).isEqualTo(images(train));
      assertThat(folders().complete(SHA256)).isPresent();
    } finally {
      try (Stream<Path> files = Files.walk(elsewhere)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Test
  void completenessDependsOnNamesAndSizes() throws IOException {
    assertThat(folders().complete(SHA256)).isEmpty();
    CifarResult written = write();

    CifarResult found = folders().complete(SHA256).orElseThrow();
    assertThat(found.images()).isEqualTo(IMAGES);
    assertThat(found.bytes()).isEqualTo(written.bytes());
    assertThat(found.nothingDone()).isTrue();

    Files.writeString(train.resolve("cat/mine.png"), "mine");
    assertThat(folders().complete(SHA256)).isPresent();
    Files.delete(second.resolve(anyName()));
    assertThat(folders().complete(SHA256)).isEmpty();
    assertThat(new CifarFolders(train, Optional.empty()).complete(SHA256)).isPresent();
    Files.writeString(train.resolve(anyName()), "");
    assertThat(new CifarFolders(train, Optional.empty()).complete(SHA256)).isEmpty();
  }

  @Test
  void missingAndChangedFilesAreRestored() throws IOException {
    write();
    Map<String, String> whole = tree(directory);
    List<String> names = List.copyOf(sample.images().keySet());
    Files.delete(train.resolve(names.get(3)));
    Files.delete(second.resolve(names.get(3)));
    // Two names of one file: both are empty now.
    Files.writeString(train.resolve(names.get(500)), "");
    byte[] changed = Files.readAllBytes(second.resolve(names.get(700)));
    changed[changed.length / 2] ^= 1;
    Files.delete(second.resolve(names.get(700)));
    Files.write(second.resolve(names.get(700)), changed);
    Path mine = Files.writeString(train.resolve("cat/b1_cat_3_nohash_1.png"), "mine");

    CifarResult result = write();

    assertThat(result.written()).isEqualTo(2);
    assertThat(result.alreadyThere()).isEqualTo(IMAGES - 2);
    assertThat(result.linked()).isEqualTo(3);
    assertThat(result.restored())
        .containsExactlyInAnyOrder(
            train.resolve(names.get(500)),
            second.resolve(names.get(500)),
            second.resolve(names.get(700)));
    assertThat(mine).hasContent("mine");
    Files.delete(mine);
    assertThat(tree(directory)).isEqualTo(whole);
    assertThat(folders().complete(SHA256)).isPresent();
  }

  @Test
  void linksToDirectoriesAreAccepted() throws IOException {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Path cats = Files.createDirectory(directory.resolve("cats"));
    Files.createSymbolicLink(train, elsewhere);
    Files.createSymbolicLink(elsewhere.resolve("cat"), cats);
    write();
    assertThat(cats).isDirectoryContaining("glob:**/b1_cat_*.png");
    assertThat(folders().complete(SHA256)).isPresent();
  }

  @Test
  void temporaryFilesOfKilledRunAreDeleted() throws IOException {
    Files.createDirectories(train.resolve("cat"));
    Path left = Files.writeString(train.resolve("cat/.b1_cat_3.png.part"), "half");
    Path note = Files.writeString(train.resolve("..cifar-10.json.4711.part"), "{");
    Path mine = Files.writeString(train.resolve("cat/.mine.png.part"), "mine");
    write();
    assertThat(left).doesNotExist();
    assertThat(note).doesNotExist();
    assertThat(mine).hasContent("mine");
  }

  @Test
  void imagesOfAnotherArchiveAreReported() throws IOException {
    CifarArchive other =
        CifarArchive.check(
            new SampleArchive(2, 3).write(directory.resolve("b.tar.gz")), Progress.NONE);
    String otherSha256 = "1".repeat(64);
    folders().write(other, otherSha256, Progress.NONE);
    Map<String, String> before = tree(train);

    assertThatThrownBy(() -> folders().complete(SHA256))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll(train.toString(), otherSha256, SHA256);
    // Without the note, by their names.
    Files.delete(train.resolve(".cifar-10.json"));
    before.remove(".cifar-10.json");
    assertThatThrownBy(this::write)
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll(train.toString(), "_", archive.file().toString());
    assertThat(tree(train)).isEqualTo(before);
  }

  @Test
  void concurrentWriteIsReported() throws IOException {
    try (var held = new ImageFolderWriter(train).lock()) {
      assertThat(held).isNotNull();
      assertThatThrownBy(this::write)
          .isInstanceOf(RetrainException.class)
          .hasMessageContaining(train.toString());
    }
    assertThat(write().written()).isEqualTo(IMAGES);
  }

  @Test
  void writeErrorIsReported() throws IOException {
    Files.createDirectories(train.resolve(anyName()));
    assertThatThrownBy(this::write)
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(train.toString());
    assertThat(train.resolve(".cifar-10.json")).doesNotExist();
    Files.delete(train.resolve(anyName()));
    write();
    assertThat(images(train).keySet()).isEqualTo(sample.images().keySet());
  }

  /** Stops after the first block. */
  private static final class Stopping implements Progress {
    private boolean stopped;

    @Override
    public void begin(String stage, String unit, long total) {}

    @Override
    public void advance(long count) {
      stopped = true;
    }

    @Override
    public void end() {}

    @Override
    public boolean cancelled() {
      return stopped;
    }
  }

  @Test
  void nextRunCompletesInterruptedRun() throws IOException {
    assertThatThrownBy(() -> folders().write(archive, SHA256, new Stopping()))
        .isInstanceOf(CancelledException.class)
        .hasMessageContaining(train.toString());
    assertNextRunCompletes();
  }

  @Test
  void nextRunCompletesKilledRun() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                EndlessWriting.class.getName(),
                archive.file().toString(),
                train.toString(),
                second.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader lines = child.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("under way");
    } finally {
      child.destroyForcibly();
      assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }
    assertNextRunCompletes();
  }

  private void assertNextRunCompletes() throws IOException {
    Map<String, String> part = images(train);
    part.keySet().removeIf(name -> name.endsWith(".part"));
    // All of them, on a machine of many cores.
    assertThat(part.size()).isBetween(100, IMAGES);
    assertThat(folders().complete(SHA256)).isEmpty();

    CifarResult rest = write();

    assertThat(rest.alreadyThere()).isEqualTo(part.size());
    assertThat(rest.restored()).isEmpty();
    Path wholeTrain = directory.resolve("whole");
    Path wholeSecond = directory.resolve("whole2");
    new CifarFolders(wholeTrain, Optional.of(wholeSecond)).write(archive, SHA256, Progress.NONE);
    Map<String, String> whole = tree(wholeTrain);
    assertThat(whole).containsAllEntriesOf(part);
    assertThat(tree(train)).isEqualTo(whole);
    assertThat(tree(second)).isEqualTo(tree(wholeSecond));
  }
}
