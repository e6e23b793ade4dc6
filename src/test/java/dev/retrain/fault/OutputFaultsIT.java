package dev.retrain.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.retrain.dataset.cifar.SampleArchive;
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
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Outputs that can't be written, of the packaged jar: one sentence names the place, the reason and
 * what to do; the exit code is 1; nothing is half written and nothing old is lost.
 */
class OutputFaultsIT {
  @TempDir private static Path directory;
  private static RetrainJar jar;

  @BeforeAll
  static void makeInputs() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    jar = new RetrainJar(directory);
    SampleImages.write(directory.resolve("images"), 12, 1, Progress.NONE);
    new SampleArchive(1, 40).write(directory.resolve("cifar.tar.gz"));
    RetrainJar.Result made =
        jar.run("train", "-i", "images", "-b", "scattering", "--iterations", 20);
    assertThat(made.code()).as(made.err()).isZero();
    Files.createDirectory(directory.resolve("place"));
  }

  private static final String TRAIN = "train -i images -b scattering --iterations 20 --force";
  private static final String MODEL = " tmp/output_graph.pb";

  /** Where, what the message names, and the command. */
  static Stream<Arguments> outputs() {
    return Stream.of(
        arguments(OutputFault.FULL, "cache", "bottleneck -i images -b scattering --bottleneck-dir"),
        arguments(OutputFault.FULL, "g.pb", TRAIN + " -o"),
        arguments(OutputFault.FULL, "logs/train/events", TRAIN + " --summaries-dir"),
        arguments(OutputFault.FULL, "_plot.png", TRAIN + " --plots-dir"),
        arguments(
            OutputFault.FULL,
            "logs/lr=0.1",
            "sweep -i images -b scattering --lr 0.1,0.01 --iterations 20 --force --summaries-dir"),
        arguments(OutputFault.FULL, "saved", "export" + MODEL + " --to"),
        arguments(OutputFault.FULL, "r.html", "report" + MODEL + " -o"),
        arguments(OutputFault.FULL, "more/", "augment -i images --per-class 60 --to"),
        arguments(OutputFault.FULL, ".txt", "bottleneck export -i images -b scattering texts"),
        arguments(OutputFault.FULL, "q/images/", "quickstart --dir"),
        arguments(OutputFault.FULL, "data/train", "download --archive cifar.tar.gz --data-dir"),
        arguments(OutputFault.FULL, "dl/cifar", "download --url URI --sha256 SHA --download-dir"),
        arguments(
            OutputFault.READ_ONLY, "cache", "bottleneck -i images -b scattering --bottleneck-dir"),
        arguments(OutputFault.READ_ONLY, "p.csv", "evaluate" + MODEL + " --predictions"),
        arguments(OutputFault.READ_ONLY, "s.png", "augment -i images --contact-sheet"),
        arguments(OutputFault.FORBIDDEN, "place", "report" + MODEL + " -o"),
        arguments(OutputFault.FORBIDDEN, "place", "augment -i images --to"),
        arguments(OutputFault.FORBIDDEN, "place", "quickstart --dir"),
        arguments(OutputFault.FILE, "cache", "bottleneck -i images -b scattering --bottleneck-dir"),
        arguments(OutputFault.FILE, "place", TRAIN + " -o"),
        arguments(OutputFault.FILE, "place", "export" + MODEL + " --to"),
        arguments(OutputFault.FILE, "place", "bottleneck export -i images -b scattering texts"));
  }

  @ParameterizedTest
  @MethodSource("outputs")
  void messageNamesPlaceAndReason(OutputFault fault, String named, String command)
      throws Exception {
    Path place = directory.resolve("place");
    fault.make(place);
    try {
      String name = named.contains(".txt") ? "texts" : named.replaceFirst("[/_].*", "");
      String output = "place/" + (name.isEmpty() || name.equals("place") ? "new" : name);
      RetrainJar.Result result = jar.run(process(fault, command, output));
      assertThat(result.code()).as(result.err()).isEqualTo(1);
      List<String> lines =
          result.err().lines().filter(line -> line.startsWith("retrain: ")).toList();
      assertThat(lines).as(result.err()).hasSize(1);
      assertThat(lines.get(0)).contains(named).endsWith(".").doesNotContain("Exception", ".part");
      assertThat(result.err()).doesNotContain("\tat ", "Exception");
      boolean database = named.equals("cache") && fault == OutputFault.FULL;
      assertThat(lines.get(0)).contains(database ? "The disk is full" : fault.reason());
      assertThat(temporary(place)).isEmpty();
    } finally {
      fault.remove(place);
    }
  }

  private static ProcessBuilder process(OutputFault fault, String command, String output)
      throws IOException {
    List<Object> words = new ArrayList<>(List.of(command.split(" ")));
    if (words.remove("texts")) {
      words.add(2, output);
    } else {
      words.add(output);
    }
    words.replaceAll(
        word ->
            word.equals("URI")
                ? directory.resolve("cifar.tar.gz").toUri()
                : word.equals("SHA") ? sha256() : word);
    ProcessBuilder builder = jar.command(words.toArray());
    List<String> all = new ArrayList<>(fault.prefix());
    all.addAll(builder.command());
    return builder.command(all);
  }

  private static String sha256() {
    try {
      return dev.retrain.util.io.Sha256.sha256(directory.resolve("cifar.tar.gz"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> temporary(Path place) throws IOException {
    return Files.isDirectory(place) ? Snapshot.of(place).temporary() : List.of();
  }

  @Test
  void fullDiskLeavesTheOldModel() throws Exception {
    Path place = directory.resolve("place");
    OutputFault.FULL.make(place);
    try {
      List<Path> old = Stream.of("g.pb", "g.json", "l.txt").map(place::resolve).toList();
      for (Path file : old) {
        Files.writeString(file, "old");
      }
      String command = TRAIN + " --output-labels place/l.txt -o";
      RetrainJar.Result result = jar.run(process(OutputFault.FULL, command, "place/g.pb"));
      assertThat(result.code()).isEqualTo(1);
      assertThat(old).allSatisfy(file -> assertThat(file).hasContent("old"));
      assertThat(temporary(place)).isEmpty();
    } finally {
      OutputFault.FULL.remove(place);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/dev/full | report tmp/output_graph.pb -o",
        "/dev/full | evaluate tmp/output_graph.pb --predictions",
        "/dev/full | train -i images -b scattering --force -o",
        "/dev/stdout | train -i images -b scattering --force --output-labels",
        "/dev/null | augment -i images --contact-sheet",
      })
  void deviceIsRefused(Path device, String command) throws Exception {
    Assumptions.assumeTrue(Files.exists(device), () -> "needs " + device);
    ProcessBuilder builder = process(OutputFault.FILE, command, device.toString());
    Process process =
        builder
            .redirectOutput(ProcessBuilder.Redirect.PIPE)
            .redirectError(directory.resolve("err.txt").toFile())
            .start();
    process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isIn(1, 2);
    assertThat(Files.readAllLines(directory.resolve("err.txt")).get(0))
        .startsWith("retrain: ")
        .contains(device.toString(), "is a device or a pipe");
    assertThat(device).exists();
    assertThat(Files.isRegularFile(device)).isFalse();
  }

  @Test
  void limitOfFileSizeIsNamed() throws Exception {
    RetrainJar.Result result =
        jar.run(
            jar.inUserEnvironment(
                new ProcessBuilder(
                    "bash",
                    "-c",
                    "ulimit -f 100; exec '%s' -XX:-UsePerfData -jar '%s' report"
                            .formatted(RetrainJar.java(), RetrainJar.FILE)
                        + " tmp/output_graph.pb -o limited.html")));
    assertThat(result.code()).as(result.err()).isEqualTo(1);
    assertThat(result.err()).contains("limited.html", "file too large", "ulimit -f");
    assertThat(directory.resolve("limited.html")).doesNotExist();
  }
}
