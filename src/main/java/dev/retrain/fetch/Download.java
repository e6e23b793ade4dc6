package dev.retrain.fetch;

import dev.retrain.work.AtomicFile;
import dev.retrain.work.Cancelled;
import dev.retrain.work.Failure;
import dev.retrain.work.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Fetches published files: whole, checked, or not at all.
 *
 * <p>What has come is kept as {@code <target>.part} until the whole file is there and is what was
 * published; only then it takes the target's name. Whatever cuts it short (the connection, Ctrl-C,
 * a power cut), the next call goes on where it stopped, unless the file has changed meanwhile.
 *
 * <p>Addresses are {@code https:}, {@code http:} and {@code file:}; Java's proxy settings ({@code
 * -Dhttps.proxyHost} and the like) hold.
 */
public final class Download {
  private static final String OTHER_WAYS =
      "Name another address with --url, or a copy that is here with --archive.";

  private final String otherWays;

  /** One whose failures point to the options {@code --url} and {@code --archive}. */
  public Download() {
    this(OTHER_WAYS);
  }

  /**
   * @param otherWays a sentence for the end of a failure: what to do where the file can't be had
   */
  public Download(String otherWays) {
    this.otherWays = otherWays;
  }

  /**
   * Fetches a file.
   *
   * @param file what and from where
   * @param target where it goes; an earlier file there is replaced
   * @param progress is told the bytes, and may stop it
   * @throws Failure where it can't be had, or is not what was published; one sentence or two
   * @throws Cancelled where the user stopped it
   * @throws IOException where something can't be written here
   */
  public void fetch(PublishedFile file, Path target, Progress progress) throws IOException {
    try (InputStream in = file.uri().toURL().openStream()) {
      AtomicFile.write(target, in::transferTo);
    } catch (IOException e) {
      throw new Failure("%s can't be had (%s). %s".formatted(file.uri(), e, otherWays), e);
    }
    file.verify(target);
  }
}
