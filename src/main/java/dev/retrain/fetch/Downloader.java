package dev.retrain.fetch;

import dev.retrain.fetch.PartialDownload.Origin;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.ByteSize;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches published files: whole and checked, or not at all.
 *
 * <p>What has come is kept as {@code <target>.part} until the whole file is there and is what was
 * published; only then it takes the target's name. Whatever cuts it short (the connection, Ctrl-C,
 * a power cut), the next call goes on where it stopped, unless the file has changed meanwhile or
 * its server can't go on in the middle; then it starts over.
 *
 * <p>Addresses are {@code https:}, {@code http:} and {@code file:}; redirections are followed, and
 * Java's proxy settings ({@code -Dhttps.proxyHost} and the like) hold.
 */
public final class Downloader {
  private static final Logger LOG = LoggerFactory.getLogger(Downloader.class);

  private static final String OTHER_WAYS =
      "Name another address with --url, or a copy that is here with --archive.";

  private static final Duration CONNECT = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<Duration> PAUSES =
      Stream.of(1, 2, 4, 8).map(Duration::ofSeconds).toList();

  /** An attempt that brings at least this has got on: the pauses begin anew. */
  private static final long GOT_ON = 1 << 20;

  private static final Duration TICK = Duration.ofMillis(100);

  private final HttpClient client;
  private final Duration patience;
  private final List<Duration> pauses;
  private final String otherWays;

  /** One whose failures point to the options {@code --url} and {@code --archive}. */
  public Downloader() {
    this(OTHER_WAYS);
  }

  /**
   * @param otherWays a sentence for the end of a failure: what to do where the file can't be had
   */
  public Downloader(String otherWays) {
    this(PATIENCE, PAUSES, otherWays);
  }

  /**
   * @param patience how long a connection may bring nothing before it counts as broken
   * @param pauses how long to wait after each broken connection before the next attempt, while they
   *     bring next to nothing; after the last, it is given up
   * @param otherWays a sentence for the end of a failure
   */
  Downloader(Duration patience, List<Duration> pauses, String otherWays) {
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .proxy(ProxySelector.getDefault())
            .connectTimeout(CONNECT)
            .build();
    this.patience = patience;
    this.pauses = List.copyOf(pauses);
    this.otherWays = otherWays;
  }

  /**
   * Fetches a file.
   *
   * @param file what and from where; where its SHA-256 is not known, the log says that it could not
   *     be checked
   * @param target where it goes; an earlier file there is replaced
   * @param progress is told the bytes, and may stop it
   * @throws RetrainException where it can't be had, or is not what was published (then it is
   *     removed), or another process fetches it to the same place
   * @throws CancelledException where the user stopped it; says what is kept
   * @throws IOException where something can't be written here
   */
  public void fetch(RemoteFile file, Path target, Progress progress) throws IOException {
    try (PartialDownload part = PartialDownload.open(target)) {
      try {
        if (file.uri().getScheme().equalsIgnoreCase("file")) {
          copy(file, part, progress);
        } else if (!part.isOf(file.uri()) || part.length() != part.total()) {
          overHttp(file, part, progress);
        }
        check(file, part);
      } catch (RetrainException e) {
        throw new RetrainException(e.getMessage() + " " + otherWays, e);
      }
      part.publish();
    }
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
      throw new RetrainException("%s is not there, or is not a file.".formatted(from));
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
        part.stopIfAsked(progress);
      }
    } finally {
      progress.end();
    }
  }

  private void overHttp(RemoteFile file, PartialDownload part, Progress progress)
      throws IOException {
    HttpTransfer transfer = new HttpTransfer(client, patience, file, part, progress);
    Iterator<Duration> left = pauses.iterator();
    boolean reached = false;
    while (true) {
      long before = part.length();
      try {
        transfer.attempt();
        return;
      } catch (ConnectionException e) {
        long came = part.length() - before;
        reached |= came != 0;
        left = came >= GOT_ON ? pauses.iterator() : left;
        if (!reached) {
          throw new RetrainException(
              "%s can't be reached: %s.".formatted(file.uri(), e.getMessage()), e);
        }
        if (!left.hasNext()) {
          throw new RetrainException(
              "The connection to %s breaks again and again (%s); %s."
                  .formatted(file.uri(), e.getMessage(), part.kept()),
              e);
        }
        LOG.warn(
            "The connection broke at {} of {} ({}); trying again.",
            ByteSize.format(part.length()),
            file.name(),
            e.getMessage());
        pause(left.next(), part, progress);
      }
    }
  }

  private static void pause(Duration length, PartialDownload part, Progress progress)
      throws IOException {
    long end = System.nanoTime() + length.toNanos();
    try {
      for (long rest = length.toNanos(); rest > 0; rest = end - System.nanoTime()) {
        part.stopIfAsked(progress);
        TimeUnit.NANOSECONDS.sleep(Math.min(rest, TICK.toNanos()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw part.stopped();
    }
  }
}
