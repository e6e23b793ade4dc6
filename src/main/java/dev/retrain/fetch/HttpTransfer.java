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
import java.util.Locale;
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
 * Downloads a file over HTTP into a {@link PartialDownload}, and resumes it if the file has not
 * changed (RFC 9110, sections 13.1.5 and 14).
 */
final class HttpTransfer {
  private static final Logger LOG = LoggerFactory.getLogger(HttpTransfer.class);

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes ([0-9]+)-[0-9]+/([0-9]+|\\*)");

  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  /** How often a cancellation is checked. */
  private static final Duration TICK = Duration.ofMillis(100);

  private final HttpClient client;
  private final Duration timeout;
  private final RemoteFile file;
  private final PartialDownload part;
  private final Progress progress;

  /**
   * @param client the HTTP client
   * @param timeout how long a connection may receive nothing
   * @param file the file to download
   * @param part receives the bytes
   * @param progress advances by the number of bytes
   */
  HttpTransfer(
      HttpClient client,
      Duration timeout,
      RemoteFile file,
      PartialDownload part,
      Progress progress) {
    this.client = client;
    this.timeout = timeout;
    this.file = file;
    this.part = part;
    this.progress = progress;
  }

  /**
   * Tries once to download all missing bytes.
   *
   * @throws ConnectionException if the connection fails or breaks; received bytes are in the part
   * @throws RetrainException if the server does not have the file
   * @throws CancelledException if the user cancelled
   * @throws IOException if the part can't be written
   */
  void attempt() throws IOException {
    Optional<String> validator = part.isFrom(file.uri()) ? part.validator() : Optional.empty();
    if (validator.isEmpty() || !resume(validator.get())) {
      startOver();
    }
  }

  private boolean resume(String validator) throws IOException {
    HttpRequest.Builder request =
        request()
            .header("Range", String.format(Locale.ROOT, "bytes=%d-", part.length()))
            // Otherwise the end of another version could be appended to the part.
            .header("If-Range", validator);
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = send(request.build());
    try (ResponseReader body = body(response)) {
      switch (response.statusCode()) {
        case PARTIAL -> {
          if (!continues(response.headers(), validator)) {
            return false;
          }
          LOG.info(
              "Resuming the download of {} after {}.", file.name(), ByteSize.format(part.length()));
        }
        case OK -> {
          LOG.info(
              "Restarting the download of {}: the file has changed, or the server does not support"
                  + " ranges.",
              file.name());
          restart(response.headers());
        }
        case RANGE_NOT_SATISFIABLE -> {
          return false;
        }
        default -> throw refused(response);
      }
      receive(body);
      return true;
    }
  }

  private void startOver() throws IOException {
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = send(request().build());
    try (ResponseReader body = body(response)) {
      if (response.statusCode() != OK) {
        throw refused(response);
      }
      restart(response.headers());
      receive(body);
    }
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(file.uri()).header("User-Agent", "retrain");
  }

  private HttpResponse<Flow.Publisher<List<ByteBuffer>>> send(HttpRequest request)
      throws IOException {
    CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> response =
        client.sendAsync(request, BodyHandlers.ofPublisher());
    long start = System.nanoTime();
    try {
      while (true) {
        try {
          return response.get(TICK.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          checkCancelledOrStalled(start);
        }
      }
    } catch (ExecutionException e) {
      throw new ConnectionException(e.getCause());
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      // Has no effect if the response has been received.
      response.cancel(true);
    }
  }

  private static ResponseReader body(HttpResponse<Flow.Publisher<List<ByteBuffer>>> response) {
    ResponseReader body = new ResponseReader();
    response.body().subscribe(body);
    return body;
  }

  /** Whether a response of status 206 begins at the end of the part, in the same file. */
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

  // A weak ETag does not promise the same bytes.
  private static boolean isStrongTag(String validator) {
    return validator.startsWith("\"");
  }

  private void restart(HttpHeaders headers) throws IOException {
    OptionalLong length = headers.firstValueAsLong("Content-Length");
    if (length.isPresent()
        && file.bytes().isPresent()
        && length.getAsLong() != file.bytes().getAsLong()) {
      throw new RetrainException(
          "%s is not the published file: it has %,d bytes, expected %,d.",
          file.uri(), length.getAsLong(), file.bytes().getAsLong());
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
        checkCancelledOrStalled(lastByte);
      }
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      progress.end();
    }
    if (total != Progress.UNKNOWN && part.length() != total) {
      throw new ConnectionException("the response is incomplete");
    }
  }

  private void checkCancelledOrStalled(long lastByte) throws IOException {
    part.checkCancelled(progress);
    if (System.nanoTime() - lastByte > timeout.toNanos()) {
      throw new ConnectionException(
          String.format(Locale.ROOT, "no data received for %d seconds", timeout.toSeconds()));
    }
  }

  private CancelledException interrupted() throws IOException {
    Thread.currentThread().interrupt();
    return part.cancelled();
  }

  private RetrainException refused(HttpResponse<?> response) {
    int status = response.statusCode();
    String meaning =
        switch (status) {
          case 401, 403 -> "access denied";
          case 404, 410 -> "no such file";
          case 407 -> "the proxy requires authentication";
          default -> status >= 500 ? "a server error; try again later" : "unexpected status";
        };
    return new RetrainException(
        "%s can't be downloaded: status %d (%s).", response.uri(), status, meaning);
  }
}
