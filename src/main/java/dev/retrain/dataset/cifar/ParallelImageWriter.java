package dev.retrain.dataset.cifar;

import dev.retrain.dataset.cifar.ImageFolderWriter.FileState;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.concurrent.PendingResult;
import dev.retrain.util.concurrent.WorkerPool;
import dev.retrain.util.io.OutputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes an archive's images to their folders. The calling thread reads the archive; one thread per
 * core encodes and writes images, and a bounded number of blocks is queued for them.
 */
final class ParallelImageWriter implements AutoCloseable {
  /** Number of queued blocks per thread. */
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

  /** What was done in the second directory. */
  private enum Second {
    UNTOUCHED,
    LINKED,
    COPIED
  }

  /** What was done for one image. */
  private record Placed(
      String name, int bytes, boolean written, Second second, List<Path> restored) {}

  /** Writes all images; {@link #sizes} and {@link #result} are available afterwards. */
  void write(CifarArchive archive) throws IOException {
    archive.forEachBlock(
        block -> {
          checkCancelled();
          if (pending.size() == AHEAD * WorkerPool.COUNT) {
            awaitOldest();
          }
          pending.add(workers.submit(() -> place(block)));
        });
    while (!pending.isEmpty()) {
      checkCancelled();
      awaitOldest();
    }
  }

  private void checkCancelled() {
    if (progress.cancelled()) {
      throw new CancelledException(
          "Interrupted: the images written so far are kept in %s. The next run writes the rest."
              .formatted(first.directory()));
    }
  }

  private void awaitOldest() {
    try {
      List<Placed> block = pending.remove().result();
      block.forEach(this::count);
      progress.advance(block.size());
    } catch (IOException e) {
      throw new RetrainException(
          e,
          "%s The images written so far are kept in %s. The next run writes the rest.",
          OutputException.file(first.directory(), e).getMessage(),
          first.directory());
    }
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
    List<Path> different = new ArrayList<>();
    FileState state = first.state(name, png);
    if (state == FileState.DIFFERENT) {
      different.add(first.directory().resolve(name));
    }
    if (state != FileState.UP_TO_DATE) {
      first.write(name, png);
    }
    Second inSecond =
        second.isEmpty() ? Second.UNTOUCHED : placeInSecond(second.get(), name, png, different);
    return new Placed(name, png.length, state != FileState.UP_TO_DATE, inSecond, different);
  }

  private Second placeInSecond(
      ImageFolderWriter folders, String name, byte[] png, List<Path> different) throws IOException {
    FileState state = folders.state(name, png);
    if (state == FileState.UP_TO_DATE) {
      return Second.UNTOUCHED;
    }
    if (state == FileState.DIFFERENT) {
      different.add(folders.directory().resolve(name));
    }
    if (folders.link(name, first)) {
      return Second.LINKED;
    }
    folders.write(name, png);
    return Second.COPIED;
  }

  /** Size of each image in bytes, by name. */
  SortedMap<String, Long> sizes() {
    return sizes;
  }

  CifarResult result() {
    return CifarResult.of(sizes, written, restored, linked, copied);
  }

  /** Waits for the images that are being written, and drops queued ones. */
  @Override
  public void close() {
    workers.close();
    encoder.close();
  }
}
