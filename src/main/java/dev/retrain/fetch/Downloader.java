package dev.retrain.fetch;

import dev.retrain.fetch.PartialDownload.Origin;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.ByteSize;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Downloads published files and verifies them.
 *
 * <p>Received bytes are kept in {@code <target>.part}, which is renamed to the target when it is
 * complete and verified. After an interruption (a broken connection, a cancellation, a power
 * failure), the next call resumes the download. It starts over if the file has changed meanwhile or
 * the server does not support ranges.
 *
 * <p>Addresses are {@code https:}, {@code http:} and {@code file:} URIs; redirects are followed if
 * they are safe. The proxy is that of Java's system properties ({@code https.proxyHost} and
 * others), otherwise that of the environment variables {@code https_proxy}, {@code http_proxy},
 * {@code all_proxy} and {@code no_proxy}.
 */
public final class Downloader {
  private static final Logger LOG = LoggerFactory.getLogger(Downloader.class);

  /** After an attempt that receives this many bytes, the sequence of pauses restarts. */
  private static final long RESTART_PAUSES_BYTES = 1 << 20;

  private final HttpClient client;
  private final RetryPolicy policy;
  private final String advice;
  private final Object[] adviceArguments;

  /** A downloader whose errors advise to provide {@link Setting#URL} or {@link Setting#ARCHIVE}. */
  public Downloader() {
    this("Provide %s or %s.", Setting.URL, Setting.ARCHIVE);
  }

  /**
   * @param advice a sentence at the end of each error message, which says how else to get the file;
   *     a format like that of {@link RetrainException}
   * @param arguments the arguments of the format, which may be settings
   */
  public Downloader(String advice, Object... arguments) {
    this(ProxySettings.fromEnvironment().client(), RetryPolicy.DEFAULT, advice, arguments);
  }

  /**
   * @param client the HTTP client, which must not follow redirects itself
   * @param policy when a connection counts as broken, and how long to wait before the next attempt
   * @param advice a sentence at the end of each error message; a format
   * @param arguments the arguments of the format
   */
  Downloader(HttpClient client, RetryPolicy policy, String advice, Object... arguments) {
    this.client = client;
    this.policy = policy;
    this.advice = advice;
    this.adviceArguments = arguments.clone();
  }

  /**
   * Downloads a file.
   *
   * @param file the published file; if its SHA-256 is unknown, a warning is logged
   * @param target where to save it; an existing file is replaced
   * @param progress advances by the number of bytes
   * @throws RetrainException if the file is not available, is not the published one (then it is
   *     deleted), or another process is downloading it to the same target
   * @throws CancelledException if the user cancelled; the message says what is kept
   * @throws IOException if a local file can't be written
   */
  public void fetch(RemoteFile file, Path target, Progress progress) throws IOException {
    fetch(file, target, PartialDownload::publish, progress);
  }

  /** Uses a downloaded file. */
  @FunctionalInterface
  public interface Use {
    /**
     * @param file the complete and verified file, under a temporary name
     * @throws IOException if it can't be used
     */
    void accept(Path file) throws IOException;
  }

  /**
   * Downloads a file like {@link #fetch}, uses it and deletes it. If the process is killed
   * meanwhile, the next call uses the downloaded file.
   *
   * @param file the published file
   * @param target the file that {@link #fetch} would write; only its partial download is written
   * @param use uses the file
   * @param progress advances by the number of bytes
   * @throws IOException if a local file can't be written, or the use fails
   */
  public void fetchAndUse(RemoteFile file, Path target, Use use, Progress progress)
      throws IOException {
    fetch(
        file,
        target,
        part -> {
          try {
            use.accept(part.file());
          } finally {
            part.remove();
          }
        },
        progress);
  }

  @FunctionalInterface
  private interface Completion {
    void accept(PartialDownload part) throws IOException;
  }

  private void fetch(RemoteFile file, Path target, Completion completion, Progress progress)
      throws IOException {
    try (PartialDownload part = PartialDownload.open(target)) {
      try {
        if (file.uri().getScheme().equalsIgnoreCase("file")) {
          copy(file, part, progress);
        } else if (!part.isFrom(file.uri()) || part.length() != part.total()) {
          overHttp(file, part, progress);
        }
        check(file, part);
      } catch (RetrainException e) {
        throw withAdvice(e);
      }
      completion.accept(part);
    }
  }

  private RetrainException withAdvice(RetrainException e) {
    Object[] arguments =
        Stream.concat(Stream.of(e.getMessage()), Arrays.stream(adviceArguments)).toArray();
    return new RetrainException(e, "%s " + advice, arguments);
  }

  private static void check(RemoteFile file, PartialDownload part) throws IOException {
    try {
      if (!file.isHtmlPage() && part.isHtmlPage()) {
        throw HtmlPage.instead(file.uri(), file.name());
      }
      file.verify(file.uri().toString(), part.length(), part.sha256());
    } catch (RetrainException e) {
      part.remove();
      throw e;
    }
  }

  private static void copy(RemoteFile file, PartialDownload part, Progress progress)
      throws IOException {
    Path from = Path.of(file.uri());
    if (!Files.isRegularFile(from)) {
      throw new RetrainException("%s does not exist or is not a file.", from);
    }
    long bytes = Files.size(from);
    part.restart(new Origin(file.uri(), Optional.empty(), bytes));
    LOG.info("Copying {} ({}).", from, ByteSize.format(bytes));
    progress.begin("Copying " + file.name(), Progress.BYTES, bytes);
    try (InputStream in = Files.newInputStream(from)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        part.append(ByteBuffer.wrap(buffer, 0, n));
        progress.advance(n);
        part.checkCancelled(progress);
      }
    } finally {
      progress.end();
    }
  }

  private void overHttp(RemoteFile file, PartialDownload part, Progress progress)
      throws IOException {
    HttpTransfer transfer = new HttpTransfer(client, policy, file, part, progress);
    Iterator<Duration> remaining = policy.pauses().iterator();
    boolean reached = false;
    while (true) {
      long before = part.length();
      try {
        transfer.attempt();
        return;
      } catch (ConnectionException e) {
        long received = part.length() - before;
        reached |= received != 0 || e instanceof RetryLaterException;
        remaining = received >= RESTART_PAUSES_BYTES ? policy.pauses().iterator() : remaining;
        if (!reached) {
          throw new RetrainException(e, "Can't connect to %s: %s.", file.uri(), e.getMessage());
        }
        if (!remaining.hasNext()) {
          throw givenUp(e, file, part);
        }
        Duration pause = pause(e, remaining.next());
        LOG.warn(
            "The download of {} stopped after {} ({}). Trying again in {} s.",
            file.name(),
            ByteSize.format(part.length()),
            e.getMessage(),
            pause.toSeconds());
        sleep(pause, part, progress);
      }
    }
  }

  private static RetrainException givenUp(
      ConnectionException e, RemoteFile file, PartialDownload part) throws IOException {
    return e instanceof RetryLaterException
        ? new RetrainException(
            e, "%s, repeatedly: %s. Try again later.", e.getMessage(), part.kept())
        : new RetrainException(
            e,
            "The connection to %s broke repeatedly (%s): %s.",
            file.uri(),
            e.getMessage(),
            part.kept());
  }

  /** How long to wait: at least as long as the server asks for, if that is not too long. */
  private static Duration pause(ConnectionException e, Duration backOff) {
    Duration asked =
        e instanceof RetryLaterException later ? later.retryAfter().orElse(backOff) : backOff;
    if (asked.compareTo(RetryPolicy.MAX_RETRY_AFTER) > 0) {
      throw new RetrainException(
          e,
          "%s and asks to wait for %s. Try again then.",
          e.getMessage(),
          Counted.of(asked.toSeconds(), "second"));
    }
    return asked.compareTo(backOff) > 0 ? asked : backOff;
  }

  private void sleep(Duration length, PartialDownload part, Progress progress) throws IOException {
    try {
      for (Duration left = length;
          left.compareTo(Duration.ZERO) > 0;
          left = left.minus(HttpRequests.TICK)) {
        part.checkCancelled(progress);
        policy.sleeper().sleep(left.compareTo(HttpRequests.TICK) < 0 ? left : HttpRequests.TICK);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw part.cancelled();
    }
  }
}
