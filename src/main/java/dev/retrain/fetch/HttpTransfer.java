package dev.retrain.fetch;

import dev.retrain.fetch.PartialDownload.Origin;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.ByteSize;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Flow;
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

  private final HttpRequests requests;
  private final RetryPolicy policy;
  private final RemoteFile file;
  private final PartialDownload part;
  private final Progress progress;

  /**
   * @param client the HTTP client
   * @param policy when a connection counts as broken
   * @param file the file to download
   * @param part receives the bytes
   * @param progress advances by the number of bytes
   */
  HttpTransfer(
      HttpClient client,
      RetryPolicy policy,
      RemoteFile file,
      PartialDownload part,
      Progress progress) {
    this.policy = policy;
    this.file = file;
    this.part = part;
    this.progress = progress;
    requests = new HttpRequests(client, policy, () -> part.checkCancelled(progress));
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
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> response =
        send(
            Map.of(
                "Range",
                String.format(Locale.ROOT, "bytes=%d-", part.length()),
                // Otherwise the end of another version could be appended to the part.
                "If-Range",
                validator));
    try (ResponseReader body = new ResponseReader(response.body())) {
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
          restart(response);
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
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = send(Map.of());
    try (ResponseReader body = new ResponseReader(response.body())) {
      if (response.statusCode() != OK) {
        throw refused(response);
      }
      restart(response);
      receive(body);
    }
  }

  private HttpResponse<Flow.Publisher<List<ByteBuffer>>> send(Map<String, String> headers)
      throws IOException {
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> response;
    try {
      response = requests.get(file.uri(), headers);
    } catch (InterruptedException e) {
      throw interrupted();
    }
    int status = response.statusCode();
    if (RetryLaterException.isTemporary(status)) {
      new ResponseReader(response.body()).close();
      throw RetryLaterException.of(
          response.uri(), status, response.headers().firstValue("Retry-After"), policy.clock());
    }
    return response;
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

  private void restart(HttpResponse<?> response) throws IOException {
    HttpHeaders headers = response.headers();
    if (headers.firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT).contains("html")
        && !file.isHtmlPage()) {
      throw HtmlPage.instead(response.uri(), file.name());
    }
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
      ThroughputGuard guard = new ThroughputGuard(policy);
      while (!body.ended()) {
        List<ByteBuffer> buffers = body.next(HttpRequests.TICK);
        long received = 0;
        for (ByteBuffer buffer : buffers) {
          received += buffer.remaining();
          part.append(buffer);
        }
        progress.advance(received);
        checkLength();
        part.checkCancelled(progress);
        if (!body.ended()) {
          guard.advance(received);
        }
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

  /** A server must not fill the disk. */
  private void checkLength() throws IOException {
    if (file.bytes().isPresent() && part.length() > file.bytes().getAsLong()) {
      part.remove();
      throw new RetrainException(
          "%s is not the published file: it has more than %,d bytes.",
          file.uri(), file.bytes().getAsLong());
    }
  }

  private CancelledException interrupted() throws IOException {
    Thread.currentThread().interrupt();
    return part.cancelled();
  }

  private static RetrainException refused(HttpResponse<?> response) {
    int status = response.statusCode();
    String meaning =
        switch (status) {
          case 401, 403 -> "access denied";
          case 404, 410 -> "no such file";
          case 407 ->
              "the proxy requires a user name and a password; set https_proxy to"
                  + " http://user:password@host:port";
          default -> status >= 500 ? "a server error" : "unexpected status";
        };
    return new RetrainException(
        "%s can't be downloaded: status %d (%s).", response.uri(), status, meaning);
  }
}
