package dev.retrain.bottleneck;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.Execution;
import dev.retrain.bottleneck.BottleneckCache.Known;
import dev.retrain.bottleneck.ReadAhead.Taken;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.picture.PictureDecoder;
import dev.retrain.picture.UnreadablePicture;
import dev.retrain.work.Cancelled;
import dev.retrain.work.Failure;
import dev.retrain.work.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Fills the cache: the vectors of all pictures of a folder that it does not hold yet.
 *
 * <p>Four stages run at once, with bounded queues between them: a thread a core reads and decodes;
 * this one collects batches, always in the order of the folder, so that the same pictures meet in a
 * batch whatever the speed of the others; {@link Network} runs them; {@link CacheWriter} commits
 * what came out. Where every vector is there already, none of this is started.
 */
public final class Extraction {
  private final BottleneckCache cache;
  private final Backbone backbone;
  private final ImageFolder folder;
  private final LeftOut leftOut;
  private final Progress progress;
  private final StageClock clock = new StageClock();

  /** Pictures whose vector is in the cache, or on its way there. */
  private final Set<ContentHash> there = new HashSet<>();

  private final Map<Path, ContentHash> hashes = new HashMap<>();
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
    leftOut = new LeftOut("pictures", strict);
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
    return new Extraction(cache, backbone, folder, strict, progress).run();
  }

  private ExtractionResult run() throws IOException {
    cache.find(backbone.identity()).ifPresent(filed -> there.addAll(cache.records(filed).keySet()));
    Map<String, Known> known = cache.picturesBelow(folder.directory());
    List<ImageFile> open = unknown(known);
    // What is there already would make the rest look as fast.
    progress.begin("Bottlenecks", "pictures", open.size());
    try {
      if (!open.isEmpty()) {
        compute(open);
      }
    } finally {
      progress.end();
    }
    int files = folder.files().size();
    if (hashes.size() + leftOut.list().size() < files) {
      if (!progress.cancelled()) {
        throw new IllegalStateException("pictures were lost between two stages");
      }
      throw new Cancelled(
          "Interrupted: the vectors of %,d of %,d pictures are kept in %s."
              .formatted(hashes.size(), files, cache.file().getParent()));
    }
    leftOut.check(files);
    List<ImageFile> readable =
        folder.files().stream().filter(file -> hashes.containsKey(file.path())).toList();
    return new ExtractionResult(
        readable, hashes, computed, readable.size() - computed, leftOut.list());
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
    return open;
  }

  /** A file, read: its hash, and its pixels unless its vector is there already. */
  record Loaded(ImageFile file, Known known, Optional<float[]> picture) {
    /** The same, its pixels forgotten: they are large, and done with. */
    Loaded withoutPicture() {
      return new Loaded(file, known, Optional.empty());
    }
  }

  private void compute(List<ImageFile> open) throws IOException {
    Execution execution = Execution.ofThisMachine();
    Set<ContentHash> before = Set.copyOf(there);
    // Closed in the reverse order: each stage ends when the one before it has.
    try (PictureDecoder decoder = new PictureDecoder(backbone.preprocessing());
        CacheWriter writer = new CacheWriter(cache, backbone, progress, clock);
        Network network = new Network(backbone, execution, writer, clock);
        ReadAhead<ImageFile, Loaded> readers =
            new ReadAhead<>(
                open.iterator(), 2 * execution.batch(), file -> load(file, before, decoder))) {
      List<Loaded> batch = new ArrayList<>();
      while (readers.hasNext() && !progress.cancelled()) {
        Optional<Loaded> loaded = take(readers.next());
        if (loaded.isEmpty()) {
          continue;
        }
        if (there.add(loaded.get().known().hash())) {
          batch.add(loaded.get());
        } else {
          writer.remember(loaded.get());
        }
        if (batch.size() == execution.batch()) {
          network.run(batch);
          batch = new ArrayList<>();
        }
      }
      if (!batch.isEmpty() && !progress.cancelled()) {
        network.run(batch);
      }
      network.finish();
      writer.finish();
      hashes.putAll(writer.written());
      computed = writer.computed();
    }
    clock.log(execution.sessions());
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

  private Optional<Loaded> take(Taken<ImageFile, Loaded> taken) {
    try {
      return Optional.of(taken.result());
    } catch (ExecutionException e) {
      leftOut.add(taken.item().path(), e.getCause());
      progress.advance(1);
      return Optional.empty();
    }
  }
}
