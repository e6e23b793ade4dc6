package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.retrain.cli.Cli;
import dev.retrain.cli.process.Interruption;
import dev.retrain.dataset.cifar.SampleArchive;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.util.io.Sha256;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code retrain download}, from the command line to the files. */
class DownloadCommandTest {
  private static final int IMAGES = 6 * 4;

  @TempDir Path directory;
  private Path data;
  private Path kept;
  private Path archive;
  private String sha256;
  private SampleArchive sample;

  @BeforeEach
  void makeArchive() throws IOException {
    data = directory.resolve("data");
    kept = directory.resolve("kept");
    sample = new SampleArchive(1, 4);
    archive = sample.write(directory.resolve("mine.tar.gz"));
    sha256 = Sha256.sha256(archive);
  }

  private Cli download(Object... more) {
    return download(new Interruption(), more);
  }

  private Cli download(Interruption interruption, Object... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("download", "--data-dir", data, "--download-dir", kept));
    arguments.addAll(List.of(more));
    return Cli.run(
        interruption,
        new DownloadSources(Path.of("src/test/resources/nowhere.properties")),
        arguments.toArray());
  }

  private void assertComplete(String place) throws IOException {
    TreeSet<String> names = new TreeSet<>();
    Path folders = data.resolve(place);
    try (Stream<Path> files = Files.walk(folders)) {
      files
          .map(file -> folders.relativize(file).toString())
          .filter(name -> name.endsWith(".png"))
          .forEach(names::add);
    }
    assertThat(names).isEqualTo(sample.images().keySet());
    for (Map.Entry<String, int[]> image : sample.images().entrySet()) {
      BufferedImage read = ImageIO.read(folders.resolve(image.getKey()).toFile());
      assertThat(read.getRGB(0, 0, 32, 32, null, 0, 32)).isEqualTo(image.getValue());
    }
  }

  private static void assertFailed(Cli cli, int code, String... named) {
    assertThat(cli.code()).as(cli.err()).isEqualTo(code);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err()).startsWith("retrain: ").contains(named).doesNotContain("\tat ");
  }

  @Test
  void localArchiveIsUsedAndSecondRunDoesNothing() throws IOException {
    JsonNode first = download("--archive", archive, "--json").json();
    assertThat(first.get("images").asInt()).isEqualTo(IMAGES);
    assertThat(first.get("written").asInt()).isEqualTo(IMAGES);
    assertThat(first.get("already_there").asInt()).isZero();
    assertThat(first.get("restored").asInt()).isZero();
    assertThat(first.get("linked").asInt() + first.get("copied").asInt()).isEqualTo(IMAGES);
    assertThat(first.get("bytes").asLong()).isGreaterThan(IMAGES * 3072L);
    assertThat(first.get("seconds").asDouble()).isPositive();
    assertComplete("train");
    assertComplete("train2");
    assertThat(kept).doesNotExist();

    Cli again = download("--archive", archive);
    assertThat(again.code()).isZero();
    assertThat(again.out())
        .hasLineCount(1)
        .contains("24", data.resolve("train").toString(), data.resolve("train2").toString());
    JsonNode json = download("--archive", archive, "--json").json();
    assertThat(json.get("written").asInt()).isZero();
    assertThat(json.get("already_there").asInt()).isEqualTo(IMAGES);
    assertThat(json.get("bytes")).isEqualTo(first.get("bytes"));
  }

  @Test
  void archiveIsDownloadedOnlyIfImagesAreMissing() throws IOException {
    AtomicInteger requests = new AtomicInteger();
    byte[] content = Files.readAllBytes(archive);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/mirror/c10.tgz",
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
          exchange.close();
        });
    server.start();
    try {
      String url =
          "http://%s:%d/mirror/c10.tgz"
              .formatted(
                  server.getAddress().getAddress().getHostAddress(), server.getAddress().getPort());
      Cli downloaded = download("--url", url, "--sha256", sha256);
      assertThat(downloaded.code()).as(downloaded.err()).isZero();
      assertComplete("train");
      assertComplete("train2");
      assertThat(kept.resolve("cifar-10-binary.tar.gz")).hasBinaryContent(content);
      assertThat(requests).hasValue(1);

      // A lost image is restored from the kept archive, without another request.
      String lost = sample.images().keySet().iterator().next();
      Files.delete(data.resolve("train").resolve(lost));
      assertThat(download("--url", url, "--sha256", sha256, "--json").json().get("written").asInt())
          .isEqualTo(1);
      assertComplete("train");
      Files.delete(kept.resolve("cifar-10-binary.tar.gz"));
      assertThat(download("--url", url, "--sha256", sha256, "--json").json().get("written").asInt())
          .isZero();
      assertThat(requests).hasValue(1);

      data = directory.resolve("other");
      assertFailed(download("--url", url), 1, url, "is not the published file");
      assertThat(data).doesNotExist();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void fileUrlIsAccepted() throws IOException {
    Cli cli = download("--url", archive.toUri(), "--sha256", sha256, "--no-copy");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertComplete("train");
    assertThat(data.resolve("train2")).doesNotExist();
    assertThat(cli.out()).contains("24 written").doesNotContain("train2");
  }

  @Test
  void wrongChecksumIsReported() throws IOException {
    String wanted = "0".repeat(64);
    assertFailed(
        download("--archive", archive, "--sha256", wanted), 1, archive.toString(), sha256, wanted);
    assertThat(data).doesNotExist();
    assertThat(download("--archive", archive, "--sha256", sha256.toUpperCase(Locale.ROOT)).code())
        .isZero();
  }

  @Test
  void unavailableArchiveIsNamed() {
    assertFailed(download(), 1, "/nowhere/cifar-10-binary.tar.gz", "--url", "--archive");
    assertThat(data).doesNotExist();
  }

  @Test
  void corruptArchiveWritesNothing() throws IOException {
    byte[] whole = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(whole, whole.length - 5));
    assertFailed(download("--archive", archive), 1, archive.toString());
    assertThat(data).doesNotExist();
  }

  @Test
  void fileInPlaceOfDirectoryIsNamed() throws IOException {
    Files.createDirectories(data);
    Path file = Files.writeString(data.resolve("train"), "mine");
    assertFailed(download("--archive", archive), 1, file.toString());
    assertThat(file).hasContent("mine");
    data = file.resolve("below");
    assertFailed(download("--archive", archive), 1, file.toString());
    assertThat(file).hasContent("mine");
    data = Path.of("/proc/retrain");
    assertFailed(download("--archive", archive), 1, "/proc");
  }

  @Test
  void interruptionIsReported() {
    Interruption interruption = new Interruption();
    interruption.request();
    Cli cli = download(interruption, "--archive", archive);
    assertFailed(cli, 130, "retrain: ");
    assertThat(data).doesNotExist();
  }

  @Test
  void usageErrorHasExitCodeTwo() {
    assertFailed(download("--archive", directory.resolve("none.tar.gz")), 2, "none.tar.gz");
    assertFailed(download("--archive", archive, "--url", "http://a/b"), 2, "--archive", "--url");
    assertFailed(download("--sha256", "abc"), 2, "'abc'");
    assertFailed(download("--url", "ftp://a/b"), 2, "ftp://a/b");
    assertFailed(download("--url", "not an address"), 2, "not an address");
  }
}
