package dev.retrain.dataset.cifar;

import dev.retrain.dataset.cifar.ImageFolderWriter.Found;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.concurrent.PendingResult;
import dev.retrain.util.concurrent.WorkerPool;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Puts an archive's images into their folders. The archive is read by the caller's thread; a thread
 * a core encodes and writes, and a bounded number of blocks waits for them.
 */
final class ParallelImageWriter implements AutoCloseable {
  /** Blocks read ahead of the writing, for each thread. */
  private static final int AHEAD = 2;

  private final ImageFolderWriter first;
  private final Optional<ImageFolderWriter> second;
  private final Progress progress;
  private final PngEncoder encoder = new PngEncoder();
  private final WorkerPool workers = new WorkerPool();
  private final Deque<PendingResult<List<Placed>>> pending = new ArrayDeque<>();

  private final SortedMap<String, Long> sizes = new TreeMap<>();
  private final List<Path> restored = new ArrayList<>();
  private int written;
  private int linked;
  private int copied;

  ParallelImageWriter(
      ImageFolderWriter first, Optional<ImageFolderWriter> second, Progress progress) {
    this.first = first;
    this.second = second;
    this.progress = progress;
  }

  /** How an image came into the second directory. */
  private enum Second {
    UNTOUCHED,
    LINKED,
    COPIED
  }

  /** What was done about one image. */
  private record Placed(
      String name, int bytes, boolean written, Second second, List<Path> restored) {}

  /** Places all images; what was done is told by the methods below. */
  void write(CifarArchive archive) throws IOException {
    archive.forEachBlock(
        block -> {
          checkCancelled();
          if (pending.size() == AHEAD * WorkerPool.COUNT) {
            take();
          }
          pending.add(workers.submit(() -> place(block)));
        });
    while (!pending.isEmpty()) {
      checkCancelled();
      take();
    }
  }

  private void checkCancelled() {
    if (progress.cancelled()) {
      throw new CancelledException(
          "Interrupted: the images written so far stay in %s; the same command writes the rest."
              .formatted(first.directory()));
    }
  }

  private void take() {
    try {
      List<Placed> block = pending.remove().result();
      block.forEach(this::count);
      progress.advance(block.size());
    } catch (IOException e) {
      throw new RetrainException(
          ("An image can't be written (%s). Those written so far stay in %s; the same command"
                  + " writes the rest.")
              .formatted(reason(e), first.directory()),
          e);
    }
  }

  private static String reason(IOException e) {
    // Without a reason, the message is the file's name alone.
    return e instanceof FileSystemException file && file.getReason() == null
        ? e.toString()
        : e.getMessage();
  }

  private void count(Placed placed) {
    sizes.put(placed.name(), (long) placed.bytes());
    restored.addAll(placed.restored());
    written += placed.written() ? 1 : 0;
    linked += placed.second() == Second.LINKED ? 1 : 0;
    copied += placed.second() == Second.COPIED ? 1 : 0;
  }

  private List<Placed> place(RecordBlock block) throws IOException {
    List<byte[]> files = encoder.encode(block);
    List<Placed> placed = new ArrayList<>();
    for (int i = 0; i < block.count(); i++) {
      placed.add(place(block.name(i), files.get(i)));
    }
    return placed;
  }

  private Placed place(String name, byte[] png) throws IOException {
    List<Path> wrong = new ArrayList<>();
    Found found = first.find(name, png);
    if (found == Found.SOMETHING_ELSE) {
      wrong.add(first.directory().resolve(name));
    }
    if (found != Found.THE_PICTURE) {
      first.write(name, png);
    }
    Second how = second.isEmpty() ? Second.UNTOUCHED : placeAgain(second.get(), name, png, wrong);
    return new Placed(name, png.length, found != Found.THE_PICTURE, how, wrong);
  }

  private Second placeAgain(ImageFolderWriter folders, String name, byte[] png, List<Path> wrong)
      throws IOException {
    Found found = folders.find(name, png);
    if (found == Found.THE_PICTURE) {
      return Second.UNTOUCHED;
    }
    if (found == Found.SOMETHING_ELSE) {
      wrong.add(folders.directory().resolve(name));
    }
    if (folders.link(name, first)) {
      return Second.LINKED;
    }
    folders.write(name, png);
    return Second.COPIED;
  }

  /** Bytes of each image, by name. */
  SortedMap<String, Long> sizes() {
    return sizes;
  }

  CifarResult result() {
    return CifarResult.of(sizes, written, restored, linked, copied);
  }

  /** Waits for the images that are being written, and drops those that wait. */
  @Override
  public void close() {
    workers.close();
    encoder.close();
  }
}
