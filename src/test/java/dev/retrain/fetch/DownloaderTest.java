package dev.retrain.fetch;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.retrain.testing.FileServer;
import dev.retrain.testing.FileServer.Manner;
import dev.retrain.testing.FileServer.Request;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class DownloaderTest {
  private static final int LENGTH = 3_000_001;
  private static final byte[] CONTENT = random(1);
  private static final byte[] OTHER = random(2);
  private static final String CHANGED = "Tue, 24 Nov 2026 10:00:00 GMT";
  private static final Map<String, String> TAGGED = Map.of("ETag", "\"one\"");

  @TempDir private Path directory;
  private Path target;
  private FileServer server;

  @BeforeEach
  void start() throws IOException {
    target = directory.resolve("models").resolve("net.tgz");
    server = new FileServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static byte[] random(long seed) {
    byte[] content = new byte[LENGTH];
    new Random(seed).nextBytes(content);
    return content;
  }

  private static RemoteFile file(URI uri, byte[] content) {
    return new RemoteFile(
        "net.tgz", uri, OptionalLong.of(content.length), Optional.of(Sha256.sha256(content)));
  }

  /** A downloader without pauses between a given number of attempts. */
  private static Downloader downloader(int attempts) {
    return downloader(Duration.ofSeconds(20), attempts);
  }

  private static Downloader downloader(Duration timeout, int attempts) {
    RetryPolicy policy =
        new RetryPolicy(
            timeout,
            Collections.nCopies(attempts - 1, Duration.ZERO),
            System::nanoTime,
            Clock.systemUTC(),
            length -> {});
    return new Downloader(ProxySettings.fromEnvironment().client(), policy, "Or else.");
  }

  private void fetch(RemoteFile file, int attempts) throws IOException {
    downloader(attempts).fetch(file, target, Progress.NONE);
  }

  private void assertOnlyTargetExists(byte[] content) {
    assertThat(target).hasBinaryContent(content);
    assertThat(target.getParent()).isDirectoryNotContaining(path -> !path.equals(target));
  }

  private void assertNoFileExists() {
    assertThat(target.getParent()).isEmptyDirectory();
  }

  private long sent() {
    return server.requests().stream().mapToLong(Request::sent).sum();
  }

  private List<String> ranges() {
    return server.requests().stream().map(request -> request.range().orElse("all")).toList();
  }

  /** Records the progress, and cancels after a number of bytes. */
  private static final class Recorded implements Progress {
    private final List<String> stages = new ArrayList<>();
    private final long stopAfter;
    private long done;

    Recorded(long stopAfter) {
      this.stopAfter = stopAfter;
    }

    @Override
    public void begin(String stage, String unit, long total) {
      stages.add("%s: %d %s".formatted(stage, total, unit));
    }

    @Override
    public void advance(long count) {
      done += count;
    }

    @Override
    public void end() {
      stages.add("end");
    }

    @Override
    public boolean cancelled() {
      return done >= stopAfter;
    }
  }

  @Test
  void fileIsDownloaded() throws IOException {
    URI uri = server.put("/net.tgz", CONTENT, TAGGED);
    Recorded progress = new Recorded(Long.MAX_VALUE);

    downloader(1).fetch(file(uri, CONTENT), target, progress);

    assertOnlyTargetExists(CONTENT);
    assertThat(progress.stages).containsExactly("Downloading net.tgz: 3000001 bytes", "end");
    assertThat(progress.done).isEqualTo(LENGTH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ETag:\"one\"", "Last-Modified:" + CHANGED})
  void brokenConnectionResumes(String header) throws IOException {
    String[] parts = header.split(":", 2);
    URI uri = server.put("/net.tgz", CONTENT, Map.of(parts[0], parts[1]));
    server.cutAfter(1_000_000, 500_000, 1, 0);

    fetch(file(uri, CONTENT), 5);

    assertOnlyTargetExists(CONTENT);
    assertThat(ranges())
        .containsExactly(
            "all", "bytes=1000000-", "bytes=1500000-", "bytes=1500001-", "bytes=1500001-");
    assertThat(sent()).isEqualTo(LENGTH);
    assertThat(server.requests())
        .allSatisfy(
            request ->
                assertThat(request.ifRange()).isEqualTo(request.range().map(range -> parts[1])));
  }

  @Test
  void progressRestartsThePauses() throws IOException {
    URI uri = server.put("/net.tgz", CONTENT, TAGGED);
    server.cutAfter(1_100_000, 0, 1_100_000, 0);

    fetch(file(uri, CONTENT), 3);

    assertOnlyTargetExists(CONTENT);
    assertThat(server.requests()).hasSize(5);
  }

  @Test
  void nextRunResumesFailedDownload() throws IOException {
    URI uri = server.put("/net.tgz", CONTENT, TAGGED);
    server.cutAfter(700_000, 600_000, 0);
    assertThatThrownBy(() -> fetch(file(uri, CONTENT), 3))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll(uri.toString(), "1.3 MB of net.tgz");
    assertThat(target).doesNotExist();

    Recorded progress = new Recorded(Long.MAX_VALUE);
    downloader(1).fetch(file(uri, CONTENT), target, progress);

    assertOnlyTargetExists(CONTENT);
    assertThat(sent()).isEqualTo(LENGTH);
    assertThat(progress.stages).containsExactly("Downloading net.tgz: 1700001 bytes", "end");
  }

  @Test
  void nextRunResumesCancelledDownload() throws IOException {
    URI uri = server.put("/net.tgz", CONTENT, TAGGED);
    assertThatThrownBy(
            () -> downloader(1).fetch(file(uri, CONTENT), target, new Recorded(1_500_000)))
        .isInstanceOf(CancelledException.class)
        .hasMessageContaining("net.tgz");
    long kept = Files.size(target.resolveSibling("net.tgz.part"));
    assertThat(kept).isBetween(1_500_000L, LENGTH - 1L);

    fetch(file(uri, CONTENT), 1);

    assertOnlyTargetExists(CONTENT);
    assertThat(ranges()).containsExactly("all", "bytes=%d-".formatted(kept));
  }

  @Test
  void stalledServerTimesOut() throws IOException {
    URI uri = server.put("/net.tgz", CONTENT, TAGGED);
    server.manner(Manner.STALLING);
    server.cutAfter(1_000);
    Downloader shortTimeout = downloader(Duration.ofMillis(300), 1);
    assertThatThrownBy(() -> shortTimeout.fetch(file(uri, CONTENT), target, Progress.NONE))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(uri.toString());
    assertThat(target.resolveSibling("net.tgz.part")).hasSize(1_000);
  }

  @Test
  void serverWithoutRangesRestartsDownload() throws IOException {
    URI uri = server.put("/net.tgz", CONTENT, TAGGED);
    server.manner(Manner.WITHOUT_RANGES);
    server.cutAfter(1_000_000);

    fetch(file(uri, CONTENT), 2);

    assertOnlyTargetExists(CONTENT);
    assertThat(server.requests()).extracting(Request::status).containsExactly(200, 200);
    assertThat(sent()).isEqualTo(1_000_000L + LENGTH);
  }

  @ParameterizedTest
  @CsvSource({"GOOD, 200", "CARELESS, 206 200"})
  void changedFileIsNotResumed(Manner manner, String statuses) throws IOException {
    URI uri = server.put("/net.tgz", CONTENT, TAGGED);
    server.cutAfter(1_000_000);
    assertThatThrownBy(() -> fetch(file(uri, CONTENT), 1)).isInstanceOf(RetrainException.class);
    server.put("/net.tgz", OTHER, Map.of("ETag", "\"two\""));
    server.manner(manner);

    fetch(file(uri, OTHER), 1);

    assertOnlyTargetExists(OTHER);
    assertThat(server.requests().stream().skip(1))
        .extracting(request -> Integer.toString(request.status()))
        .containsExactly(statuses.split(" "));
  }

  @Test
  void shorterFileRestartsDownload() throws IOException {
    URI uri = server.put("/net.tgz", CONTENT, TAGGED);
    server.cutAfter(1_000_000);
    assertThatThrownBy(() -> fetch(file(uri, CONTENT), 1)).isInstanceOf(RetrainException.class);
    byte[] small = {1, 2, 3};
    server.put("/net.tgz", small, TAGGED);

    fetch(file(uri, small), 1);

    assertOnlyTargetExists(small);
    assertThat(server.requests()).extracting(Request::status).containsExactly(200, 416, 200);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void downloadWithoutStrongValidatorIsNotResumed(boolean weak) throws IOException {
    URI uri = server.put("/net.tgz", CONTENT, weak ? Map.of("ETag", "W/\"one\"") : Map.of());
    server.cutAfter(1_000_000);
    assertThatThrownBy(() -> fetch(file(uri, CONTENT), 1)).isInstanceOf(RetrainException.class);
    assertNoFileExists();

    fetch(file(uri, CONTENT), 1);

    assertOnlyTargetExists(CONTENT);
    assertThat(ranges()).containsExactly("all", "all");
  }

  @Test
  void downloadFromAnotherAddressIsNotResumed() throws IOException {
    URI first = server.put("/first/net.tgz", CONTENT, TAGGED);
    URI second = server.put("/second/net.tgz", CONTENT, TAGGED);
    server.cutAfter(1_000_000);
    assertThatThrownBy(() -> fetch(file(first, CONTENT), 1)).isInstanceOf(RetrainException.class);

    fetch(file(second, CONTENT), 1);

    assertOnlyTargetExists(CONTENT);
    assertThat(ranges()).containsExactly("all", "all");
  }

  @Test
  void completePartIsNotRequestedAgain() throws IOException {
    URI uri = server.put("/net.tgz", CONTENT, TAGGED);
    // Cancelled after the last byte.
    assertThatThrownBy(() -> downloader(1).fetch(file(uri, CONTENT), target, new Recorded(LENGTH)))
        .isInstanceOf(CancelledException.class);

    fetch(file(uri, CONTENT), 1);

    assertOnlyTargetExists(CONTENT);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void wrongChecksumIsReported() throws IOException {
    Files.createDirectories(target.getParent());
    Files.writeString(target, "earlier");
    byte[] damaged = CONTENT.clone();
    damaged[LENGTH / 2] ^= 1;
    URI uri = server.put("/net.tgz", damaged, TAGGED);

    assertThatThrownBy(() -> fetch(file(uri, CONTENT), 1))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll(
            uri.toString(), Sha256.sha256(CONTENT), Sha256.sha256(damaged), "Or else.");

    assertThat(target).hasContent("earlier");
    assertThat(target.getParent()).isDirectoryNotContaining(path -> !path.equals(target));
  }

  @Test
  void wrongLengthIsReportedBeforeDownload() {
    URI uri = server.put("/net.tgz", "<html>Log in, please</html>".getBytes(US_ASCII), TAGGED);
    assertThatThrownBy(() -> fetch(file(uri, CONTENT), 1))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll(uri.toString(), "27 bytes", "3,000,001");
    assertNoFileExists();
  }

  @Test
  void unknownChecksumIsLogged() throws IOException {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(RemoteFile.class);
    logger.addAppender(log);
    log.start();
    URI uri = server.put("/net.tgz", CONTENT, TAGGED);

    fetch(new RemoteFile("net.tgz", uri, OptionalLong.empty(), Optional.empty()), 1);
    logger.detachAppender(log);

    assertOnlyTargetExists(CONTENT);
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .singleElement()
        .asString()
        .contains(Sha256.sha256(CONTENT));
  }

  @Test
  void fileOfUnknownLengthIsDownloaded() throws IOException {
    URI uri = server.put("/net.tgz", CONTENT, TAGGED);
    server.manner(Manner.WITHOUT_LENGTH);
    RemoteFile file =
        new RemoteFile("net.tgz", uri, OptionalLong.empty(), Optional.of(Sha256.sha256(CONTENT)));
    Recorded progress = new Recorded(Long.MAX_VALUE);

    downloader(1).fetch(file, target, progress);

    assertOnlyTargetExists(CONTENT);
    assertThat(progress.stages).containsExactly("Downloading net.tgz: -1 bytes", "end");
  }

  @Test
  void responseShorterThanPublishedLengthResumes() throws IOException {
    URI uri = server.put("/net.tgz", CONTENT, TAGGED);
    server.manner(Manner.WITHOUT_LENGTH);
    server.cutAfter(1_000_000);

    fetch(file(uri, CONTENT), 2);

    assertOnlyTargetExists(CONTENT);
    assertThat(ranges()).containsExactly("all", "bytes=1000000-");
    assertThat(sent()).isEqualTo(LENGTH);
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 410, 403, 501, 304})
  void errorStatusIsReported(int status) {
    server.fail(status);
    URI uri = server.uri("/net.tgz");
    assertThatThrownBy(() -> fetch(file(uri, CONTENT), 3))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll(uri.toString(), Integer.toString(status), "Or else.");
    assertThat(server.requests()).hasSize(1);
    assertNoFileExists();
  }

  @Test
  void adviceRefersToSettings() {
    assertThatThrownBy(
            () ->
                new Downloader()
                    .fetch(file(server.uri("/net.tgz"), CONTENT), target, Progress.NONE))
        .isInstanceOfSatisfying(
            RetrainException.class,
            e -> assertThat(e.settings()).containsExactly(Setting.URL, Setting.ARCHIVE));
  }

  @Test
  void redirectsAreFollowedWhenResuming() throws IOException {
    server.put("/there/net.tgz", CONTENT, TAGGED);
    URI uri = server.redirect("/here/net.tgz", "/there/net.tgz");
    server.cutAfter(1_000_000);

    fetch(file(uri, CONTENT), 2);

    assertOnlyTargetExists(CONTENT);
    assertThat(sent()).isEqualTo(LENGTH);
  }

  @Test
  void refusedConnectionIsReported() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    URI uri = URI.create("http://127.0.0.1:%d/net.tgz".formatted(closed));
    assertThatThrownBy(() -> fetch(file(uri, CONTENT), 3))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(uri.toString())
        .hasMessageEndingWith(" Or else.")
        .hasMessageNotContaining("null");
    assertNoFileExists();
  }

  @Test
  void proxyOfJavaIsUsed() throws IOException {
    server.put("/net.tgz", CONTENT, TAGGED);
    // An unknown host, so only the proxy can answer.
    URI uri = URI.create("http://models.invalid/net.tgz");
    System.setProperty("http.proxyHost", "127.0.0.1");
    System.setProperty("http.proxyPort", Integer.toString(server.port()));
    try {
      fetch(file(uri, CONTENT), 1);
    } finally {
      System.clearProperty("http.proxyHost");
      System.clearProperty("http.proxyPort");
    }
    assertOnlyTargetExists(CONTENT);
    assertThat(server.requests())
        .extracting(Request::target)
        .containsExactly("http://models.invalid/net.tgz");
  }

  @Test
  void localFileIsCopiedAndVerified() throws IOException {
    Path source = Files.write(directory.resolve("a copy.tgz"), CONTENT);
    Recorded progress = new Recorded(Long.MAX_VALUE);
    downloader(1).fetch(file(source.toUri(), CONTENT), target, progress);
    assertOnlyTargetExists(CONTENT);
    assertThat(progress.stages).containsExactly("Copying net.tgz: 3000001 bytes", "end");

    Files.delete(target);
    assertThatThrownBy(() -> fetch(file(source.toUri(), OTHER), 1))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll(Sha256.sha256(OTHER), "Or else.");
    assertThatThrownBy(
            () -> downloader(1).fetch(file(source.toUri(), CONTENT), target, new Recorded(1_000)))
        .isInstanceOf(CancelledException.class);
    assertNoFileExists();
  }

  @Test
  void missingLocalFileIsReported() {
    Path source = directory.resolve("none.tgz");
    assertThatThrownBy(() -> fetch(file(source.toUri(), CONTENT), 1))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll(source.toString(), "Or else.");
    assertNoFileExists();
  }

  @Test
  void concurrentDownloadToSameTargetIsReported() throws IOException {
    URI uri = server.put("/net.tgz", CONTENT, TAGGED);
    try (PartialDownload held = PartialDownload.open(target)) {
      assertThat(held.length()).isZero();
      assertThatThrownBy(() -> fetch(file(uri, CONTENT), 1))
          .isInstanceOf(RetrainException.class)
          .hasMessageContaining(target.toString());
      assertThat(server.requests()).isEmpty();
    }
    fetch(file(uri, CONTENT), 1);
    assertOnlyTargetExists(CONTENT);
  }

  @Test
  void corruptOriginRestartsDownload() throws IOException {
    URI uri = server.put("/net.tgz", CONTENT, TAGGED);
    server.cutAfter(1_000_000);
    assertThatThrownBy(() -> fetch(file(uri, CONTENT), 1)).isInstanceOf(RetrainException.class);
    Files.write(target.resolveSibling("net.tgz.part.properties"), new byte[] {(byte) 0xff, 0});

    fetch(file(uri, CONTENT), 1);

    assertOnlyTargetExists(CONTENT);
    assertThat(ranges()).containsExactly("all", "all");
  }
}
