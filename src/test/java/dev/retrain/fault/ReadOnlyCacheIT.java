package dev.retrain.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.it.RetrainJar;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A cache that another user owns, with the packaged jar. */
class ReadOnlyCacheIT {
  private static final String TRAIN =
      "train -i images -b scattering --iterations 20 -f --bottleneck-dir cache -o out/g.pb"
          + " --output-labels out/l.txt --summaries-dir out/logs --plots-dir out/plots";

  @TempDir private static Path directory;
  private static RetrainJar jar;

  @BeforeAll
  static void makeInputs() throws Exception {
    mode(directory, "rwxr-xr-x");
    jar = new RetrainJar(directory);
    SampleImages.write(directory.resolve("images"), 8, 1, Progress.NONE);
    Files.createDirectory(directory.resolve("out"));
    mode(directory.resolve("out"), "rwxrwxrwx");
    RetrainJar.Result made =
        jar.run("bottleneck", "-i", "images", "-b", "scattering", "--bottleneck-dir", "cache");
    assertThat(made.code()).as(made.err()).isZero();
    RetrainJar.Result own = jar.run((Object[]) TRAIN.replace("out/", "own/").split(" ", -1));
    assertThat(own.code()).as(own.err()).isZero();
  }

  @BeforeEach
  void forbid() throws IOException {
    // Also skips the test where no other user can be taken.
    OutputFault.FORBIDDEN.make(directory.resolve("cache"));
    files("rw-r--r--");
  }

  @AfterEach
  void allow() throws IOException {
    mode(directory.resolve("cache"), "rwxr-xr-x");
    files("rw-r--r--");
  }

  private static void mode(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private static void files(String permissions) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
      for (Path file : files.toList()) {
        mode(file, permissions);
      }
    }
  }

  private static RetrainJar.Result runAsOther(String command) throws Exception {
    ProcessBuilder builder = jar.command((Object[]) command.split(" ", -1));
    List<String> words = new ArrayList<>(OutputFault.FORBIDDEN.prefix());
    words.addAll(builder.command());
    return jar.run(builder.command(words));
  }

  @Test
  void completeCacheTrainsTheSameModel() throws Exception {
    Snapshot before = Snapshot.of(directory.resolve("cache"));
    RetrainJar.Result result = runAsOther(TRAIN);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains("is read-only: its vectors are used");
    assertThat(directory.resolve("out/g.pb")).hasSameBinaryContentAs(directory.resolve("own/g.pb"));
    assertThat(Snapshot.of(directory.resolve("cache"))).isEqualTo(before);
    RetrainJar.Result evaluated = runAsOther("evaluate out/g.pb --bottleneck-dir cache");
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
  }

  /** The permissions of the directory and of the files, the images, and what the message says. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rwxr-xr-x | rw-r--r-- | more   | cache/bottlenecks.sqlite can't be written: it is read-only",
        "rwxr-xr-x | rw------- | images | this user may not write to its directory, which belongs to",
        "rwx------ | rw-r--r-- | images | this user may not write to its directory, which belongs to",
      })
  void reasonIsNamed(String folder, String files, String images, String reason) throws Exception {
    if (!Files.exists(directory.resolve("more"))) {
      SampleImages.write(directory.resolve("more"), 3, 2, Progress.NONE);
    }
    files(files);
    mode(directory.resolve("cache"), folder);
    RetrainJar.Result result = runAsOther(TRAIN.replace("-i images", "-i " + images));
    assertThat(result.code()).as(result.err()).isEqualTo(1);
    List<String> lines = result.err().lines().filter(line -> line.startsWith("retrain: ")).toList();
    assertThat(lines).as(result.err()).hasSize(1);
    assertThat(lines.get(0)).contains("cache", reason, "--bottleneck-dir").endsWith(".");
    assertThat(result.err()).doesNotContain("\tat ", "Exception");
  }

  /** The changes of a command that was killed are in the log, which can't be merged. */
  @Test
  void cacheInUseIsRefused() throws Exception {
    Path log = directory.resolve("cache/bottlenecks.sqlite-wal");
    Files.write(log, new byte[100]);
    try {
      RetrainJar.Result result = runAsOther(TRAIN);
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err()).contains("is read-only, and it is in use", "--bottleneck-dir");
    } finally {
      Files.delete(log);
    }
  }
}
