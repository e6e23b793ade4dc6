package dev.retrain.fetch;

import dev.retrain.fetch.PartialDownload.Origin;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.ByteSize;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a file over HTTP into its part, going on where that stopped if it is still the same file
 * (RFC 9110, sections 13.1.5 and 14).
 */
final class HttpTransfer {
  private static final Logger LOG = LoggerFactory.getLogger(HttpTransfer.class);

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes ([0-9]+)-[0-9]+/([0-9]+|\\*)");

  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int NO_SUCH_RANGE = 416;

  /** How often the user's wish to stop is looked at. */
  private static final Duration TICK = Duration.ofMillis(100);

  private final HttpClient client;
  private final Duration patience;
  private final RemoteFile file;
  private final PartialDownload part;
  private final Progress progress;

  /**
   * @param client speaks HTTP
   * @param patience how long a connection may bring nothing
   * @param file what and from where
   * @param part where it goes
   * @param progress is told the bytes, and may stop it
   */
  HttpTransfer(
      HttpClient client,
      Duration patience,
      RemoteFile file,
      PartialDownload part,
      Progress progress) {
    this.client = client;
    this.patience = patience;
    this.file = file;
    this.part = part;
    this.progress = progress;
  }

  /**
   * Tries once to bring all that is missing.
   *
   * @throws ConnectionException where the connection can't be made or breaks; what came is in the
   *     part
   * @throws RetrainException where the server has no such file
   * @throws CancelledException where the user stopped it
   * @throws IOException where the part can't be written
   */
  void attempt() throws IOException {
    Optional<String> validator = part.isOf(file.uri()) ? part.validator() : Optional.empty();
    if (validator.isEmpty() || !goOn(validator.get())) {
      startOver();
    }
  }

  private boolean goOn(String validator) throws IOException {
    HttpRequest.Builder request =
        request()
            .header("Range", "bytes=%d-".formatted(part.length()))
            // Without this, the end of another version would be put behind our beginning.
            .header("If-Range", validator);
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> answer = send(request.build());
    try (ResponseReader body = body(answer)) {
      switch (answer.statusCode()) {
        case PARTIAL -> {
          if (!continues(answer.headers(), validator)) {
            return false;
          }
          LOG.info("Going on with {} at {}.", file.name(), ByteSize.format(part.length()));
        }
        case OK -> {
          LOG.info(
              "Starting {} over: it has changed, or its server can't go on in the middle.",
              file.name());
          restart(answer.headers());
        }
        case NO_SUCH_RANGE -> {
          return false;
        }
        default -> throw refused(answer);
      }
      receive(body);
      return true;
    }
  }

  private void startOver() throws IOException {
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> answer = send(request().build());
    try (ResponseReader body = body(answer)) {
      if (answer.statusCode() != OK) {
        throw refused(answer);
      }
      restart(answer.headers());
      receive(body);
    }
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(file.uri()).header("User-Agent", "retrain");
  }

  private HttpResponse<Flow.Publisher<List<ByteBuffer>>> send(HttpRequest request)
      throws IOException {
    CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> answer =
        client.sendAsync(request, BodyHandlers.ofPublisher());
    long start = System.nanoTime();
    try {
      while (true) {
        try {
          return answer.get(TICK.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          stopIfAskedOrStalled(start);
        }
      }
    } catch (ExecutionException e) {
      throw new ConnectionException(e.getCause());
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      // Drops a request that nobody waits for any more; one that is answered it leaves alone.
      answer.cancel(true);
    }
  }

  private static ResponseReader body(HttpResponse<Flow.Publisher<List<ByteBuffer>>> answer) {
    ResponseReader body = new ResponseReader();
    answer.body().subscribe(body);
    return body;
  }

  /** Whether an answer of status 206 begins where the part ends, in the same file. */
  private boolean continues(HttpHeaders headers, String validator) throws IOException {
    Matcher range = CONTENT_RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
    return range.matches()
        && range.group(1).equals(Long.toString(part.length()))
        && (range.group(2).equals("*")
            || part.total() == Progress.UNKNOWN
            || range.group(2).equals(Long.toString(part.total())))
        && (!isStrongTag(validator)
            || headers.firstValue("ETag").map(validator::equals).orElse(true));
  }

  // A weak one promises the same meaning, not the same bytes.
  private static boolean isStrongTag(String validator) {
    return validator.startsWith("\"");
  }

  private void restart(HttpHeaders headers) throws IOException {
    OptionalLong length = headers.firstValueAsLong("Content-Length");
    if (length.isPresent()
        && file.bytes().isPresent()
        && length.getAsLong() != file.bytes().getAsLong()) {
      throw new RetrainException(
          "%s is not the published file: it has %,d bytes, expected %,d."
              .formatted(file.uri(), length.getAsLong(), file.bytes().getAsLong()));
    }
    part.restart(
        new Origin(
            file.uri(),
            headers
                .firstValue("ETag")
                .filter(HttpTransfer::isStrongTag)
                .or(() -> headers.firstValue("Last-Modified")),
            length.orElse(file.bytes().orElse(Progress.UNKNOWN))));
    LOG.info(
        "Downloading {} ({}) from {}.",
        file.name(),
        part.total() == Progress.UNKNOWN ? "length unknown" : ByteSize.format(part.total()),
        file.uri());
  }

  private void receive(ResponseReader body) throws IOException {
    long total = part.total();
    progress.begin(
        "Downloading " + file.name(),
        Progress.BYTES,
        total == Progress.UNKNOWN ? Progress.UNKNOWN : total - part.length());
    try {
      long lastByte = System.nanoTime();
      while (!body.ended()) {
        List<ByteBuffer> buffers = body.next(TICK);
        for (ByteBuffer buffer : buffers) {
          int count = buffer.remaining();
          part.append(buffer);
          progress.advance(count);
        }
        lastByte = buffers.isEmpty() ? lastByte : System.nanoTime();
        stopIfAskedOrStalled(lastByte);
      }
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      progress.end();
    }
    if (total != Progress.UNKNOWN && part.length() != total) {
      throw new ConnectionException("it ended early");
    }
  }

  private void stopIfAskedOrStalled(long lastSign) throws IOException {
    part.stopIfAsked(progress);
    if (System.nanoTime() - lastSign > patience.toNanos()) {
      throw new ConnectionException("nothing came for %d seconds".formatted(patience.toSeconds()));
    }
  }

  private CancelledException interrupted() throws IOException {
    Thread.currentThread().interrupt();
    return part.stopped();
  }

  private RetrainException refused(HttpResponse<?> answer) {
    int status = answer.statusCode();
    String meaning =
        switch (status) {
          case 401, 403 -> "it may not be read";
          case 404, 410 -> "there is no such file";
          case 407 -> "the proxy wants a login";
          default ->
              status >= 500
                  ? "the server has trouble; it may work later"
                  : "which is no file to download";
        };
    return new RetrainException("%s answers %d (%s).".formatted(answer.uri(), status, meaning));
  }
}
