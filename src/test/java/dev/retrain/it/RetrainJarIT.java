package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.testing.FileServer;
import dev.retrain.testing.SharedData;
import dev.retrain.util.Progress;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The packaged tool, as its users run it. */
class RetrainJarIT {
  private static final Path JAR = Path.of(System.getProperty("retrain.jar"));
  private static final Path PERL = Path.of("/usr/bin/perl");

  @TempDir Path directory;

  /** Every Java of this machine, the tests' own first. */
  static Stream<Path> javas() throws IOException {
    List<Path> javas = new ArrayList<>(List.of(ownJava()));
    Path installed = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(installed)) {
      try (Stream<Path> homes = Files.list(installed)) {
        homes
            .filter(home -> !Files.isSymbolicLink(home))
            .map(home -> home.resolve("bin/java"))
            .filter(Files::isExecutable)
            .forEach(javas::add);
      }
    }
    return javas.stream()
        .map(
            java -> {
              try {
                return java.toRealPath();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .distinct();
  }

  private static Path ownJava() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  private ProcessBuilder retrain(Path java, List<String> jvm, Object... arguments) {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(PERL)) {
      // A test run in the background ignores Ctrl-C, and so would its children.
      command.addAll(List.of(PERL.toString(), "-e", "$SIG{INT} = 'DEFAULT'; exec @ARGV"));
    }
    command.add(java.toString());
    command.addAll(jvm);
    command.addAll(List.of("-jar", JAR.toAbsolutePath().toString()));
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    // As a user's: not quieted from outside.
    builder.environment().remove("TF_CPP_MIN_LOG_LEVEL");
    return builder;
  }

  private record Ended(int code, String out, String err) {
    JsonNode json() throws IOException {
      return new ObjectMapper().readTree(out);
    }
  }

  private Ended run(ProcessBuilder builder) throws Exception {
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  @Test
  void anImageThatIsTooLargeForTheMemoryIsLeftOut() throws Exception {
    SampleImages.write(directory.resolve("images"), 4, 1, Progress.NONE);
    // A bit a pixel: small in its file, and half a gigabyte in colours.
    ImageIO.write(
        new BufferedImage(14_000, 14_000, BufferedImage.TYPE_BYTE_BINARY),
        "bmp",
        directory.resolve("images/dots/large.bmp").toFile());
    Ended ended =
        run(
            retrain(
                ownJava(),
                List.of("-Xmx300m"),
                "bottleneck",
                "-b",
                "scattering",
                "-i",
                "images",
                "--json"));
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.json().get("computed").asInt()).isEqualTo(24);
    assertThat(ended.json().get("skipped").asInt()).isEqualTo(1);
    assertThat(ended.err()).contains("large.bmp: it is too large for the memory Java has");
  }

  @Test
  void aResultThatIsLostIsNoSuccess() throws Exception {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "needs /dev/full");
    for (List<String> arguments : List.of(List.of("models"), List.of("--help"))) {
      Path err = directory.resolve("err.txt");
      Process process =
          retrain(ownJava(), List.of(), arguments.toArray())
              .redirectOutput(full.toFile())
              .redirectError(err.toFile())
              .start();
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
      assertThat(err).content().contains("can't be written to standard output").hasLineCount(1);
    }
  }

  @ParameterizedTest
  @MethodSource("javas")
  void nothingButTheResultIsOnTheScreen(Path java) throws Exception {
    Ended ended = run(retrain(java, List.of(), "quickstart", "--quiet", "--json"));
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isZero();
    assertThat(ended.json().get("test_accuracy").asDouble()).isGreaterThan(0.9);

    Files.writeString(directory.resolve("broken.jpg"), "\u00ff", StandardCharsets.ISO_8859_1);
    byte[] cut = Files.readAllBytes(directory.resolve("tmp/quickstart/new/dots/dots_000.jpg"));
    Files.write(directory.resolve("cut.jpg"), Arrays.copyOf(cut, cut.length / 2));
    Ended broken =
        run(
            retrain(
                java,
                List.of(),
                "predict",
                "tmp/quickstart/output_graph.pb",
                "broken.jpg",
                "cut.jpg",
                "tmp/quickstart/new/dots/dots_000.jpg"));
    assertThat(broken.code()).isEqualTo(1);
    assertThat(broken.err().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("broken.jpg: ").endsWith("."),
            line -> assertThat(line).startsWith("cut.jpg: ").endsWith("."));
    assertThat(broken.out()).contains("dots_000.jpg").contains("%  dots");
  }

  @ParameterizedTest
  @MethodSource("javas")
  void helpAndVersionLoadNoTensorFlow(Path java) throws Exception {
    for (String option : List.of("--help", "--version")) {
      Path classes = directory.resolve("classes.txt");
      Ended ended =
          run(retrain(java, List.of("-Xlog:class+load:file=" + classes), "train", option));
      assertThat(ended.code()).isZero();
      assertThat(ended.err()).isEmpty();
      assertThat(Files.readString(classes))
          .contains("dev.retrain.cli.command.TrainCommand")
          .doesNotContain("org.tensorflow.", "org.bytedeco.", "ch.qos.logback");
    }
  }

  private ProcessBuilder bottlenecks(String cache) throws IOException {
    Path images = directory.resolve("images");
    Path models = directory.resolve("models");
    if (!Files.exists(images)) {
      SharedData.mobileNetDirectory(models);
      SharedData.cifar10(images, 500);
    }
    return retrain(
        ownJava(),
        List.of(),
        "bottleneck",
        "--image-dir",
        images,
        "--bottleneck-dir",
        cache,
        "--model-dir",
        models,
        "--backbone",
        "mobilenet_v1_0.25_224",
        "--json");
  }

  /** Starts the work, and ends it by a signal once it says that it is on its way. */
  private Ended endOnTheWay(ProcessBuilder builder, String stage, String signal) throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(PERL), PERL + " is not there");
    Path out = Files.createTempFile(directory, "out", "");
    Process process = builder.redirectOutput(out.toFile()).start();
    StringBuilder err = new StringBuilder();
    try (BufferedReader lines = process.errorReader()) {
      boolean sent = false;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        err.append(line).append('\n');
        if (!sent && line.startsWith(stage)) {
          sent = true;
          new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
        }
      }
      assertThat(sent).as(err.toString()).isTrue();
    }
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return new Ended(process.exitValue(), Files.readString(out), err.toString());
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "KILL, 137"})
  void whatWasComputedBeforeTheEndIsKeptAndRight(String signal, int code) throws Exception {
    String cut = "cut" + signal;
    Ended ended = endOnTheWay(bottlenecks(cut), "Bottlenecks: ", signal);
    assertThat(ended.code()).isEqualTo(code);
    assertThat(ended.out()).isEmpty();
    if (signal.equals("INT")) {
      assertThat(ended.err()).containsPattern("Interrupted: the vectors of [0-9,]+ of 5,000");
    }
    JsonNode rest = run(bottlenecks(cut)).json();
    assertThat(rest.get("reused").asInt()).isPositive();
    assertThat(rest.get("computed").asInt()).isPositive();
    assertThat(rest.get("reused").asInt() + rest.get("computed").asInt()).isEqualTo(5000);

    JsonNode whole = run(bottlenecks("whole")).json();
    assertThat(whole.get("computed").asInt()).isEqualTo(5000);
    Map<String, float[]> resumed = vectors(directory.resolve(cut));
    Map<String, float[]> expected = vectors(directory.resolve("whole"));
    assertThat(resumed.keySet()).isEqualTo(expected.keySet());
    expected.forEach((hash, vector) -> assertThat(resumed.get(hash)).hasSameSizeAs(vector));
    double worst = 0;
    for (Map.Entry<String, float[]> entry : expected.entrySet()) {
      worst = Math.max(worst, distance(entry.getValue(), resumed.get(entry.getKey())));
    }
    assertThat(worst).isLessThan(1e-5);
  }

  private static double distance(float[] a, float[] b) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < a.length; i++) {
      difference += Math.pow((double) a[i] - b[i], 2);
      norm += Math.pow(a[i], 2);
    }
    return Math.sqrt(difference / norm);
  }

  /** Every vector the database counts, out of its record. */
  private static Map<String, float[]> vectors(Path cache) throws SQLException, IOException {
    Map<String, float[]> vectors = new TreeMap<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + cache.resolve("bottlenecks.sqlite"));
        Statement sql = connection.createStatement();
        ResultSet row =
            sql.executeQuery(
                "SELECT sha256, record, vector_length FROM vector JOIN backbone ON backbone = id")) {
      byte[] file = Files.readAllBytes(cache.resolve("vectors-1-0.bin"));
      while (row.next()) {
        int length = row.getInt(3);
        int size = 32 + 4 * length + 4;
        byte[] record = Arrays.copyOfRange(file, row.getInt(2) * size, (row.getInt(2) + 1) * size);
        assertThat(Arrays.copyOf(record, 32)).isEqualTo(row.getBytes(1));
        float[] vector = new float[length];
        ByteBuffer.wrap(record, 32, 4 * length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer()
            .get(vector);
        vectors.put(HexFormat.of().formatHex(row.getBytes(1)), vector);
      }
    }
    return vectors;
  }

  @Test
  void anInterruptedTrainingSavesItsBestLayer() throws Exception {
    assertThat(run(retrain(ownJava(), List.of(), "quickstart", "--quiet")).code()).isZero();
    Ended ended =
        endOnTheWay(
            retrain(
                ownJava(),
                List.of(),
                "train",
                "--image-dir",
                "tmp/quickstart/images",
                "--backbone",
                "scattering",
                "--iterations",
                10_000_000,
                "--json"),
            "Training: ",
            "INT");
    assertThat(ended.code()).isEqualTo(130);
    assertThat(ended.err()).contains("Interrupted at iteration");
    assertThat(ended.json().get("interrupted").asBoolean()).isTrue();
    Ended told =
        run(
            retrain(
                ownJava(),
                List.of(),
                "predict",
                "tmp/output_graph.pb",
                "tmp/quickstart/new/rings/rings_000.jpg"));
    assertThat(told.code()).isZero();
    assertThat(told.out()).contains("rings");
  }

  @Test
  void aMissingNetworkIsFetchedThroughTheProxyFromTheMirror() throws Exception {
    String name = "mobilenet_v1_0.25_224_frozen.tgz";
    SampleImages.write(directory.resolve("images"), 3, 1, Progress.NONE);
    try (FileServer proxy = new FileServer()) {
      proxy.put("/net.tgz", Files.readAllBytes(SharedData.file(name)), Map.of());
      Path mirror =
          Files.writeString(
              directory.resolve("mirror.properties"), name + ".url=http://mirror.invalid/net.tgz");
      ProcessBuilder builder =
          retrain(
              ownJava(),
              List.of("-Dhttp.proxyHost=127.0.0.1", "-Dhttp.proxyPort=" + proxy.port()),
              "bottleneck",
              "--image-dir",
              "images",
              "--backbone",
              "mobilenet_v1_0.25_224",
              "--json");
      builder.environment().put("RETRAIN_SOURCES", mirror.toString());
      Ended ended = run(builder);
      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(ended.err())
          .contains("The network mobilenet_v1_0.25_224 is not in tmp/imagenet: it is fetched now.")
          .contains("Downloading " + name + " (2.6 MB) from http://mirror.invalid/net.tgz.");
      assertThat(ended.json().get("computed").asInt()).isEqualTo(18);
      assertThat(proxy.requests())
          .extracting(FileServer.Request::target)
          .containsExactly("http://mirror.invalid/net.tgz");
    }
    assertThat(directory.resolve("tmp/imagenet/mobilenet_v1_0.25_224/frozen_graph.pb")).exists();
  }
}
