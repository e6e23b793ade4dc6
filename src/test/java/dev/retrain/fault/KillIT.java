package dev.retrain.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.dataset.cifar.SampleArchive;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.it.RetrainJar;
import dev.retrain.testing.FileServer;
import dev.retrain.testing.SmallNetwork;
import dev.retrain.util.Progress;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code kill -9} of the packaged jar at random moments, for each command that writes: no partial
 * file lies under a final name, and the same command then ends with the files of an uninterrupted
 * run.
 *
 * <p>{@code -Dretrain.kills=100} sets the number of rounds of each command; the profile {@code
 * faults} does.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KillIT {
  private static final int ROUNDS = Integer.getInteger("retrain.kills", 3);

  /** Only the commands whose names contain this. */
  private static final String ONLY = System.getProperty("retrain.kills.only", "");

  private static final int SIGKILL_CODE = 128 + 9;
  private static final String BACKBONE = "mobilenet_v1_0.25_128";

  @TempDir private static Path directory;
  private FileServer server;
  private Path mirror;
  private List<KillableCommand> commands;
  private final List<KillTally> tallies = new ArrayList<>();

  @BeforeAll
  void prepareInputs() throws Exception {
    Path images = directory.resolve("images");
    SampleImages.write(images, 12, 1, Progress.NONE);
    Path made = Files.createDirectories(directory.resolve("made"));
    succeed(made, "train", "-i", images, "-b", "scattering", "--iterations", 20);
    Path cache = directory.resolve("with-cache/tmp/bottleneck");
    Files.createDirectories(cache.getParent());
    FileUtils.copyDirectory(made.resolve("tmp/bottleneck").toFile(), cache.toFile());
    Path withCache = directory.resolve("with-cache");
    succeed(made, "bottleneck", "export", "texts", "-i", images);
    Path model = made.resolve("tmp/output_graph.pb");
    Path archive = new SampleArchive(1, 40).write(directory.resolve("cifar.tar.gz"));
    server = new FileServer();
    URI address = server.put("/cifar", Files.readAllBytes(archive), Map.of("ETag", "\"1\""));
    mirror = mirrorOfBackbone();

    Object[] source = {"-i", images, "-b", "scattering"};
    commands =
        List.of(
            KillableCommand.of("bottleneck", null, "bottleneck", source),
            KillableCommand.of(
                "train", null, "train", source, "--iterations", 60, "--embedding", "--force"),
            KillableCommand.of(
                "fine-tune",
                null,
                "train",
                "-i",
                images,
                "--graph",
                SmallNetwork.write(directory.resolve("small.pb")),
                "--iterations",
                20,
                "--fine-tune",
                "--fine-tune-epochs",
                60,
                "--fine-tune-batch-size",
                8,
                "--checkpoint-minutes",
                0.005,
                "--force"),
            KillableCommand.of(
                "sweep", null, "sweep", source, "--lr", "0.1,0.01", "--iterations", 60, "--force"),
            KillableCommand.of("download --archive", null, "download", "--archive", archive),
            KillableCommand.of(
                "download", null, "download", "--url", address, "--sha256", Sha256.sha256(archive)),
            KillableCommand.of(
                "augment", null, "augment", "-i", images, "--to", "more", "--per-class", 30),
            KillableCommand.of(
                "bottleneck import", null, "bottleneck", "import", made.resolve("texts"), source),
            KillableCommand.of(
                "bottleneck export", withCache, "bottleneck", "export", "texts", source),
            KillableCommand.of("export", null, "export", model, "--to", "saved", "--force"),
            KillableCommand.of("report", withCache, "report", model, "-o", "report.html"),
            KillableCommand.of("quickstart", null, "quickstart", "--dir", "quickstart"),
            KillableCommand.of("models fetch", null, "models", "fetch", BACKBONE),
            new KillableCommand(
                "first start",
                null,
                List.of("-Dorg.bytedeco.javacpp.cachedir=natives"),
                List.of("predict", model, images.resolve("dots"))));
  }

  /** A mirror with an archive of the right layout, whose graph is noise, since it is not run. */
  private Path mirrorOfBackbone() throws IOException {
    byte[] graph = new byte[4_000_000];
    new Random(3).nextBytes(graph);
    Path archive = directory.resolve("net.tgz");
    try (OutputStream out = Files.newOutputStream(archive);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
      TarArchiveEntry entry = new TarArchiveEntry("./" + BACKBONE + "/frozen_graph.pb");
      entry.setSize(graph.length);
      tar.putArchiveEntry(entry);
      tar.write(graph);
      tar.closeArchiveEntry();
    }
    URI address = server.put("/net", Files.readAllBytes(archive), Map.of("ETag", "\"2\""));
    String name = BACKBONE + "_frozen.tgz";
    return Files.write(
        directory.resolve("mirror.properties"),
        List.of(
            name + ".url=" + address,
            name + ".sha256=" + Sha256.sha256(archive),
            "frozen_graph.pb.sha256=" + Sha256.sha256(graph)));
  }

  private static void succeed(Path directory, Object... arguments) throws Exception {
    RetrainJar.Result result = new RetrainJar(directory).run(arguments);
    assertThat(result.code()).as(result.err()).isZero();
  }

  List<KillableCommand> commands() {
    return commands.stream().filter(command -> command.name().contains(ONLY)).toList();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void secondRunEndsAsIfTheFirstHadNotBeenKilled(KillableCommand command) throws Exception {
    Path round = directory.resolve("round");
    start(command, round);
    long before = System.nanoTime();
    RetrainJar.Result uninterrupted = run(command, round);
    double seconds = (System.nanoTime() - before) / 1e9;
    assertThat(uninterrupted.code()).as(uninterrupted.err()).isZero();
    Map<String, List<Content>> expected = new LinkedHashMap<>(Snapshot.of(round).contents());
    assertThat(Snapshot.of(round).temporary()).isEmpty();
    assertThat(expected).isNotEmpty();

    KillTally tally = new KillTally(command.name(), seconds);
    tallies.add(tally);
    Random random = new Random(command.name().hashCode());
    for (int i = 0; i < ROUNDS; i++) {
      start(command, round);
      // Java itself takes about the first tenth.
      long moment = (long) (1e9 * seconds * (0.1 + 0.9 * random.nextDouble()));
      long started = System.nanoTime();
      boolean killed = kill(command, round, moment);
      tally.round(killed);
      if (!killed) {
        // The first run was slower, for example because other programs were running.
        seconds = Math.min(seconds, (System.nanoTime() - started) / 1e9);
      }
      tally.afterKill(Snapshot.of(round), expected);
      RetrainJar.Result second = run(command, round);
      if (second.code() != 0) {
        tally.fault("second run: " + second.err());
      }
      tally.afterSecondRun(Snapshot.of(round), expected);
    }
    System.out.printf("%s%n%s%n", KillTally.header(), tally);
    assertThat(tally.faults()).isEmpty();
  }

  /** An empty working directory, or a copy of the command's. */
  private static void start(KillableCommand command, Path round) throws IOException {
    FileUtils.deleteDirectory(round.toFile());
    if (command.seed() != null) {
      FileUtils.copyDirectory(command.seed().toFile(), round.toFile());
    }
    Files.createDirectories(round.resolve("javatmp"));
  }

  private ProcessBuilder process(KillableCommand command, Path round) {
    List<String> options = new ArrayList<>(command.javaOptions());
    options.add("-Djava.io.tmpdir=" + round.resolve("javatmp"));
    List<Object> arguments = new ArrayList<>();
    for (Object argument : command.arguments()) {
      if (argument instanceof Object[] several) {
        arguments.addAll(List.of(several));
      } else {
        arguments.add(argument);
      }
    }
    ProcessBuilder builder =
        new RetrainJar(round).command(RetrainJar.java(), options, arguments.toArray());
    builder.environment().put("RETRAIN_SOURCES", mirror.toString());
    return builder;
  }

  private RetrainJar.Result run(KillableCommand command, Path round) throws Exception {
    return new RetrainJar(round).run(process(command, round));
  }

  /** Returns whether the process was still running. */
  private boolean kill(KillableCommand command, Path round, long nanos) throws Exception {
    Process process =
        process(command, round)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(nanos, TimeUnit.NANOSECONDS)) {
      process.destroyForcibly();
    }
    int code = process.waitFor();
    assertThat(code).isIn(0, SIGKILL_CODE);
    return code == SIGKILL_CODE;
  }

  @AfterAll
  void printTable() {
    System.out.println(KillTally.header());
    tallies.forEach(System.out::println);
    if (server != null) {
      server.close();
    }
  }
}
