package dev.retrain.fetch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults of servers and networks. No test waits: the clock and the pauses are replaced. */
class NetworkFaultsTest {
  private static final String CONTENT = "0123456789".repeat(100);
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final String OK = response("200 OK", "ETag: \"one\"", CONTENT);
  private static final String REST =
      response("206 Partial Content", "Content-Range: bytes 400-999/1000", CONTENT.substring(400));

  @TempDir private Path directory;
  private final List<Duration> slept = new ArrayList<>();

  /**
   * A case.
   *
   * @param name what happens
   * @param responses what the server sends, a connection each; the last one again and again
   * @param seconds the total of the pauses between the attempts
   * @param message parts of the error message; empty if the download succeeds
   */
  private record Case(String name, List<String> responses, long seconds, List<String> message) {
    static Case of(String name, long seconds, List<String> message, String... responses) {
      return new Case(name, List.of(responses), seconds, message);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static String response(String status, String header, String body) {
    return "HTTP/1.1 %s\r\n%s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
        .formatted(status, header, body.length(), body);
  }

  private static String error(String status, String header) {
    return response(status, header, "");
  }

  private static String redirect(String location) {
    return error("302 Found", "Location: " + location);
  }

  private static String cut(int bytes) {
    return OK.substring(0, OK.length() - CONTENT.length() + bytes);
  }

  static Stream<Case> cases() {
    List<String> none = List.of();
    String tooMany = "429 Too Many Requests";
    String busy = "503 Service Unavailable";
    return Stream.of(
        Case.of("no fault", 0, none, OK),
        Case.of("429 with Retry-After", 7, none, error(tooMany, "Retry-After: 7"), OK),
        Case.of("429 without Retry-After", 1, none, error(tooMany, "X: y"), OK),
        Case.of("Retry-After shorter than the pause", 1, none, error(busy, "Retry-After: 0"), OK),
        Case.of(
            "Retry-After as a date",
            90,
            none,
            error(busy, "Retry-After: Tue, 24 Nov 2026 10:01:30 GMT"),
            OK),
        Case.of("Retry-After that is invalid", 1, none, error(busy, "Retry-After: soon"), OK),
        Case.of(
            "500, 502, 504 in turn",
            1 + 2 + 4,
            none,
            error("500 No", "X: y"),
            error("502 No", "X: y"),
            error("504 No", "X: y"),
            OK),
        Case.of(
            "503 for ever",
            1 + 2 + 4 + 8,
            List.of("status 503", "a server error", "Try again later"),
            error(busy, "X: y")),
        Case.of(
            "429 that asks for an hour",
            0,
            List.of("status 429", "too many requests", "3,600 seconds"),
            error(tooMany, "Retry-After: 3600")),
        Case.of("404", 0, List.of("status 404", "no such file"), error("404 Not Found", "X: y")),
        Case.of("401", 0, List.of("status 401", "access denied"), error("401 No", "X: y")),
        Case.of("501", 0, List.of("status 501"), error("501 Not Implemented", "X: y")),
        Case.of("redirect", 0, none, redirect("/there"), OK),
        Case.of("redirect to itself", 0, List.of("redirect loop"), redirect("/net.tgz")),
        Case.of(
            "redirect circle of two",
            0,
            List.of("redirect loop"),
            redirect("/a"),
            redirect("/net.tgz")),
        new Case(
            "11 redirects",
            IntStream.range(0, 11).mapToObj(i -> redirect("/" + i)).toList(),
            0,
            List.of("redirects more than 10 times")),
        Case.of(
            "redirect to a file",
            0,
            List.of("redirects to", "file:", "only redirects to https: and http: are followed"),
            redirect("file://localhost/etc/passwd")),
        Case.of(
            "redirect to a file without a host",
            0,
            List.of("redirects to", "file:///etc/passwd"),
            redirect("file:///etc/passwd")),
        Case.of("redirect to ftp", 0, List.of("ftp://host/x"), redirect("ftp://host/x")),
        Case.of("redirect without address", 0, List.of("not a valid URL"), error("302 F", "X: y")),
        Case.of("redirect to nonsense", 0, List.of("not a valid URL"), redirect("http://[")),
        Case.of("connection cut, resumed", 1, none, cut(400), REST),
        Case.of("connection cut, the range is refused", 1, none, cut(400), OK),
        Case.of(
            "connection cut again and again",
            1 + 2 + 4 + 8,
            List.of("broke repeatedly", "nothing of net.tgz is kept"),
            cut(400),
            cut(0)),
        Case.of("no response at all", 0, List.of("Can't connect to"), ""),
        Case.of("not HTTP", 0, List.of("Can't connect to"), "SSH-2.0-OpenSSH_9.6\r\n"),
        Case.of(
            "wrong length",
            0,
            List.of("not the published file", "5 bytes", "expected 1,000"),
            response("200 OK", "ETag: \"one\"", "short")),
        Case.of(
            "wrong length, not announced",
            0,
            List.of("not the published file", "more than 1,000 bytes"),
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + CONTENT + "x"),
        Case.of(
            "wrong checksum",
            0,
            List.of("not the published file", "SHA-256"),
            response("200 OK", "ETag: \"one\"", CONTENT.replace('5', '6'))),
        Case.of(
            "a web page",
            0,
            List.of("returns a web page instead of net.tgz", "Open the address in a browser"),
            response("200 OK", "Content-Type: text/html; charset=utf-8", CONTENT)),
        Case.of(
            "a web page that is not declared as one",
            0,
            List.of("returns a web page instead of net.tgz"),
            response("200 OK", "X: y", "\n<!DOCTYPE HTML><p>Log in" + " ".repeat(1000 - 25))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void faultIsSurvivedOrReported(Case fault) throws Exception {
    check(fault, System::nanoTime);
  }

  static Stream<Case> stalls() {
    return Stream.of(
        Case.of("no response", 0, List.of("Can't connect", "no data received for 60"), "stall"),
        Case.of(
            "no further data",
            1 + 2 + 4 + 8,
            List.of("broke repeatedly", "no data received for 60", "net.tgz are kept"),
            cut(400) + "stall",
            "stall"),
        // A byte at a time keeps a connection open for ever if only silence counts.
        Case.of(
            "a slow drip",
            1 + 2 + 4 + 8,
            List.of("broke repeatedly", "60 seconds"),
            cut(0) + "drip"));
  }

  @ParameterizedTest
  @MethodSource("stalls")
  void stalledConnectionIsReported(Case fault) throws Exception {
    // Ten seconds pass between two looks at the clock.
    AtomicLong nanos = new AtomicLong();
    check(fault, () -> nanos.addAndGet(Duration.ofSeconds(10).toNanos()));
  }

  private void check(Case fault, LongSupplier nanoTime) throws Exception {
    Path target = directory.resolve("models").resolve("net.tgz");
    RetryPolicy policy =
        new RetryPolicy(
            RetryPolicy.DEFAULT.timeout(),
            RetryPolicy.DEFAULT.pauses(),
            nanoTime,
            Clock.fixed(NOW, ZoneOffset.UTC),
            slept::add);
    Downloader downloader =
        new Downloader(new ProxySettings(Map.of(), new Properties()).client(), policy, "Or else.");
    try (ScriptedServer server = new ScriptedServer(fault.responses())) {
      RemoteFile file =
          new RemoteFile(
              "net.tgz",
              server.uri("/net.tgz"),
              OptionalLong.of(CONTENT.length()),
              Optional.of(Sha256.sha256(CONTENT.getBytes(ISO_8859_1))));
      if (fault.message().isEmpty()) {
        downloader.fetch(file, target, Progress.NONE);
        assertThat(target).hasContent(CONTENT);
        assertThat(target.getParent()).isDirectoryNotContaining(path -> !path.equals(target));
      } else {
        assertThatThrownBy(() -> downloader.fetch(file, target, Progress.NONE))
            .isInstanceOf(RetrainException.class)
            .hasMessageContaining(server.uri("/").toString())
            .hasMessageContainingAll(fault.message().toArray(CharSequence[]::new))
            .hasMessageEndingWith("Or else.");
        assertThat(target).doesNotExist();
      }
    }
    assertThat(slept.stream().mapToLong(Duration::toMillis).sum())
        .isEqualTo(fault.seconds() * 1000);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example/x, http://b.example/y, not encrypted",
    "https://a.example/x, HTTP://a.example/x, not encrypted",
    "https://a.example/x, //b.example/y, ",
    "https://a.example/x, ../y, ",
    "http://a.example/x, https://b.example/y, ",
    "http://a.example/x, javascript:alert(1), not a valid URL",
    "http://a.example/x, jar:file:/x!/y, not a valid URL",
  })
  void unsafeRedirectIsRefused(String from, String location, String refused) {
    URI uri = URI.create(from);
    if (refused == null) {
      assertThat(HttpRequests.target(uri, uri, location)).isEqualTo(uri.resolve(location));
    } else {
      assertThatThrownBy(() -> HttpRequests.target(uri, uri, location))
          .isInstanceOf(RetrainException.class)
          .hasMessageContainingAll(from, location, refused);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void noFaultLeavesAPartialFile(Case fault) throws IOException {
    // The final name appears only with the whole content, also where a file is there already.
    Path target = directory.resolve("net.tgz");
    Files.writeString(target, "earlier");
    try (ScriptedServer server = new ScriptedServer(fault.responses())) {
      RemoteFile file =
          new RemoteFile(
              "net.tgz",
              server.uri("/net.tgz"),
              OptionalLong.of(CONTENT.length()),
              Optional.of(Sha256.sha256(CONTENT.getBytes(ISO_8859_1))));
      RetryPolicy once =
          new RetryPolicy(
              Duration.ofSeconds(20), List.of(), System::nanoTime, Clock.systemUTC(), slept::add);
      try {
        new Downloader(new ProxySettings(Map.of(), new Properties()).client(), once, "Or else.")
            .fetch(file, target, Progress.NONE);
        assertThat(target).hasContent(CONTENT);
      } catch (RetrainException e) {
        assertThat(target).hasContent("earlier");
      }
    }
  }
}
