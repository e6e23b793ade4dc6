package dev.retrain.bottleneck;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.BottleneckCache.Known;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.picture.PictureDecoder;
import dev.retrain.picture.UnreadablePicture;
import dev.retrain.work.Cancelled;
import dev.retrain.work.Failure;
import dev.retrain.work.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the cache: the vectors of all pictures of a folder that it does not hold yet.
 *
 * <p>Four stages run at once, with bounded queues between them: a thread a core reads and decodes;
 * this one collects batches of {@value #BATCH}, always in the order of the folder, so that the same
 * pictures meet in a batch whatever the speed of the others; {@link Network} runs them; {@link
 * CacheWriter} commits what came out. Where every vector is there already, none of this is started.
 */
public final class Extraction {
  /** Pictures run through the network at once. */
  static final int BATCH = 32;

  // How many pictures may wait decoded: enough to refill a batch while one is run.
  private static final int AHEAD = 2 * BATCH;

  /** Share of broken pictures above which something else is wrong. */
  private static final double MAX_BROKEN = 0.1;

  private static final Logger LOG = LoggerFactory.getLogger(Extraction.class);

  private final BottleneckCache cache;
  private final Backbone backbone;
  private final ImageFolder folder;
  private final boolean strict;
  private final Progress progress;
  private final StageClock clock = new StageClock();

  /** Pictures whose vector is in the cache, or on its way there. */
  private final Set<ContentHash> there = new HashSet<>();

  private final Map<Path, ContentHash> hashes = new HashMap<>();
  private final List<SkippedPicture> skipped = new ArrayList<>();
  private int computed;

  private Extraction(
      BottleneckCache cache,
      Backbone backbone,
      ImageFolder folder,
      boolean strict,
      Progress progress) {
    this.cache = cache;
    this.backbone = backbone;
    this.folder = folder;
    this.strict = strict;
    this.progress = progress;
  }

  /**
   * Computes what is missing.
   *
   * @param cache where vectors are kept
   * @param backbone the network
   * @param folder the pictures
   * @param strict whether one broken picture is a failure
   * @param progress is told of every picture, and may stop the work
   * @return which pictures have vectors now
   * @throws Failure where the network can't be run, a picture is broken and {@code strict} is set,
   *     or more than a tenth are
   * @throws Cancelled where the user stopped it; every batch that was done is kept
   * @throws IOException where the decoder can't be made
   */
  public static ExtractionResult run(
      BottleneckCache cache,
      Backbone backbone,
      ImageFolder folder,
      boolean strict,
      Progress progress)
      throws IOException {
    progress.begin("Bottlenecks", "pictures", folder.files().size());
    try {
      return new Extraction(cache, backbone, folder, strict, progress).run();
    } finally {
      progress.end();
    }
  }

  private ExtractionResult run() throws IOException {
    cache.find(backbone).ifPresent(filed -> there.addAll(cache.records(filed.id()).keySet()));
    Map<String, Known> known = cache.picturesBelow(folder.directory());
    List<ImageFile> open = unknown(known);
    if (!open.isEmpty()) {
      compute(open);
    }
    int files = folder.files().size();
    if (hashes.size() + skipped.size() < files) {
      throw new Cancelled(
          "Interrupted: the vectors of %,d of %,d pictures are kept in %s."
              .formatted(hashes.size(), files, cache.file().getParent()));
    }
    checkBroken();
    List<ImageFile> readable =
        folder.files().stream().filter(file -> hashes.containsKey(file.path())).toList();
    return new ExtractionResult(readable, hashes, computed, readable.size() - computed, skipped);
  }

  /** The files that the cache can't tell by their size and time; all others are done with. */
  private List<ImageFile> unknown(Map<String, Known> known) {
    List<ImageFile> files = folder.files();
    List<Optional<ContentHash>> found =
        files.parallelStream()
            .map(
                file ->
                    Optional.ofNullable(known.get(BottleneckCache.key(file.path())))
                        .filter(before -> there.contains(before.hash()))
                        .filter(before -> before.stamp().isOf(file.path()))
                        .map(Known::hash))
            .toList();
    List<ImageFile> open = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      if (found.get(i).isPresent()) {
        hashes.put(files.get(i).path(), found.get(i).get());
      } else {
        open.add(files.get(i));
      }
    }
    progress.advance(hashes.size());
    return open;
  }

  /** A file, read: its hash, and its pixels unless its vector is there already. */
  record Loaded(ImageFile file, Known known, Optional<float[]> picture) {}

  private record Pending(ImageFile file, Future<Loaded> loaded) {}

  private void compute(List<ImageFile> open) throws IOException {
    int cores = Runtime.getRuntime().availableProcessors();
    Set<ContentHash> before = Set.copyOf(there);
    // Closed in the reverse order: each stage ends when the one before it has.
    try (PictureDecoder decoder = new PictureDecoder(backbone.preprocessing());
        CacheWriter writer = new CacheWriter(cache, backbone, progress, clock);
        Network network = new Network(backbone, writer, clock);
        Pool readers = new Pool(Executors.newFixedThreadPool(cores))) {
      Deque<Pending> pending = new ArrayDeque<>();
      List<Loaded> batch = new ArrayList<>();
      Iterator<ImageFile> next = open.iterator();
      while ((next.hasNext() || !pending.isEmpty()) && !progress.cancelled()) {
        while (pending.size() < AHEAD && next.hasNext()) {
          ImageFile file = next.next();
          pending.add(
              new Pending(file, readers.executor().submit(() -> load(file, before, decoder))));
        }
        Optional<Loaded> loaded = take(pending.remove());
        if (loaded.isEmpty()) {
          continue;
        }
        if (there.add(loaded.get().known().hash())) {
          batch.add(loaded.get());
        } else {
          writer.remember(loaded.get());
        }
        if (batch.size() == BATCH) {
          network.run(batch);
          batch = new ArrayList<>();
        }
      }
      pending.forEach(waiting -> waiting.loaded().cancel(false));
      if (!batch.isEmpty() && !progress.cancelled()) {
        network.run(batch);
      }
      network.finish();
      writer.finish();
      hashes.putAll(writer.written());
      computed = writer.computed();
    }
    clock.log(cores, Network.sessions());
  }

  private record Pool(ExecutorService executor) implements AutoCloseable {
    @Override
    public void close() {
      Threads.shutDown(executor);
    }
  }

  private Loaded load(ImageFile file, Set<ContentHash> before, PictureDecoder decoder)
      throws IOException, UnreadablePicture {
    // The stamp before the content: a change in between is seen by the next run.
    FileStamp stamp = FileStamp.of(file.path());
    long reading = System.nanoTime();
    byte[] content = Files.readAllBytes(file.path());
    Known known = new Known(stamp, ContentHash.of(content));
    clock.add(StageClock.Stage.READING, reading);
    if (before.contains(known.hash())) {
      return new Loaded(file, known, Optional.empty());
    }
    long decoding = System.nanoTime();
    float[] picture = decoder.decode(content);
    clock.add(StageClock.Stage.DECODING, decoding);
    return new Loaded(file, known, Optional.of(picture));
  }

  private Optional<Loaded> take(Pending pending) {
    try {
      return Optional.of(pending.loaded().get());
    } catch (ExecutionException e) {
      skip(pending.file(), reason(e.getCause()), e.getCause());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("Interrupted while reading %s.".formatted(pending.file().path()));
    }
  }

  private static String reason(Throwable cause) {
    if (cause instanceof UnreadablePicture) {
      return cause.getMessage();
    }
    if (cause instanceof NoSuchFileException) {
      return "it is gone, or a link to nothing";
    }
    if (cause instanceof IOException) {
      return "it can't be read (%s)".formatted(cause);
    }
    if (cause instanceof OutOfMemoryError) {
      return "it is too large for the memory Java has; give Java more with -Xmx";
    }
    throw new IllegalStateException(cause);
  }

  private void skip(ImageFile file, String reason, Throwable cause) {
    if (strict) {
      throw new Failure(
          "%s: %s. Remove or mend it, or leave out --strict to go on without it."
              .formatted(file.path(), reason),
          cause);
    }
    LOG.warn("Left out {}: {}.", file.path(), reason);
    skipped.add(new SkippedPicture(file.path(), reason));
    progress.advance(1);
  }

  private void checkBroken() {
    int files = folder.files().size();
    if (skipped.size() > MAX_BROKEN * files) {
      throw new Failure(
          ("%d of %d pictures can't be read, more than a tenth; the first is %s: %s. Is this the"
                  + " right directory?")
              .formatted(skipped.size(), files, skipped.get(0).path(), skipped.get(0).reason()));
    }
  }
}
