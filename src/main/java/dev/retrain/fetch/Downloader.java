package dev.retrain.fetch;

import dev.retrain.fetch.PartialDownload.Origin;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.ByteSize;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
 * <p>Addresses are {@code https:}, {@code http:} and {@code file:} URIs; redirects are followed,
 * and Java's proxy settings ({@code -Dhttps.proxyHost} and others) apply.
 */
public final class Downloader {
  private static final Logger LOG = LoggerFactory.getLogger(Downloader.class);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final List<Duration> PAUSES =
      Stream.of(1, 2, 4, 8).map(Duration::ofSeconds).toList();

  /** After an attempt that receives this many bytes, the sequence of pauses restarts. */
  private static final long RESTART_PAUSES_BYTES = 1 << 20;

  private static final Duration TICK = Duration.ofMillis(100);

  private final HttpClient client;
  private final Duration timeout;
  private final List<Duration> pauses;
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
    this(TIMEOUT, PAUSES, advice, arguments);
  }

  /**
   * @param timeout how long a connection may receive nothing before it counts as broken
   * @param pauses how long to wait after each broken connection before the next attempt, as long as
   *     an attempt receives less than 1 MiB; after the last pause, the download fails
   * @param advice a sentence at the end of each error message; a format
   * @param arguments the arguments of the format
   */
  Downloader(Duration timeout, List<Duration> pauses, String advice, Object... arguments) {
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .proxy(ProxySelector.getDefault())
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    this.timeout = timeout;
    this.pauses = List.copyOf(pauses);
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
   * @param target the file whose partial download it is; is not written
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
  private interface End {
    void accept(PartialDownload part) throws IOException;
  }

  private void fetch(RemoteFile file, Path target, End end, Progress progress) throws IOException {
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
      end.accept(part);
    }
  }

  private RetrainException withAdvice(RetrainException e) {
    Object[] arguments =
        Stream.concat(Stream.of(e.getMessage()), Arrays.stream(adviceArguments)).toArray();
    return new RetrainException(e, "%s " + advice, arguments);
  }

  private static void check(RemoteFile file, PartialDownload part) throws IOException {
    try {
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
    HttpTransfer transfer = new HttpTransfer(client, timeout, file, part, progress);
    Iterator<Duration> remaining = pauses.iterator();
    boolean reached = false;
    while (true) {
      long before = part.length();
      try {
        transfer.attempt();
        return;
      } catch (ConnectionException e) {
        long received = part.length() - before;
        reached |= received != 0;
        remaining = received >= RESTART_PAUSES_BYTES ? pauses.iterator() : remaining;
        if (!reached) {
          throw new RetrainException(e, "Can't connect to %s: %s.", file.uri(), e.getMessage());
        }
        if (!remaining.hasNext()) {
          throw new RetrainException(
              e,
              "The connection to %s broke repeatedly (%s): %s.",
              file.uri(),
              e.getMessage(),
              part.kept());
        }
        LOG.warn(
            "The connection broke after {} of {} ({}). Trying again.",
            ByteSize.format(part.length()),
            file.name(),
            e.getMessage());
        pause(remaining.next(), part, progress);
      }
    }
  }

  private static void pause(Duration length, PartialDownload part, Progress progress)
      throws IOException {
    long end = System.nanoTime() + length.toNanos();
    try {
      for (long wait = length.toNanos(); wait > 0; wait = end - System.nanoTime()) {
        part.checkCancelled(progress);
        TimeUnit.NANOSECONDS.sleep(Math.min(wait, TICK.toNanos()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw part.cancelled();
    }
  }
}
