package dev.retrain.bottleneck;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/**
 * Fills the cache: the vectors of all pictures of a folder that it does not hold yet.
 *
 * <p>Pictures are read and decoded by a thread a core, ahead of the network by a bounded number;
 * they enter it in batches of {@value #BATCH}, always in the order of the folder; each batch is
 * committed before the next.
 */
public final class Extraction {
  /** Pictures run through the network at once. */
  static final int BATCH = 32;

  // How many pictures may wait decoded: enough to refill a batch while one is run.
  private static final int AHEAD = 2 * BATCH;

  private final BottleneckCache cache;
  private final BackboneSession session;
  private final PictureDecoder decoder;
  private final long backboneId;
  private final Set<ContentHash> cached;
  private final Progress progress;
  private final LeftOut leftOut;

  private final Map<Path, ContentHash> hashes = new HashMap<>();
  private int computed;
  private int reused;
  private int uncommitted;

  private Extraction(
      BottleneckCache cache,
      Backbone backbone,
      BackboneSession session,
      PictureDecoder decoder,
      boolean strict,
      Progress progress) {
    this.cache = cache;
    this.session = session;
    this.decoder = decoder;
    this.progress = progress;
    leftOut = new LeftOut("pictures", strict);
    backboneId = cache.backboneId(backbone.identity(), session.vectorLength());
    // Read by the readers while vectors are added.
    cached = ConcurrentHashMap.newKeySet();
    cached.addAll(cache.hashes(backboneId));
  }

  /**
   * Computes what is missing.
   *
   * @param cache where vectors are kept
   * @param backbone the network
   * @param session the network, running
   * @param folder the pictures
   * @param strict whether one broken picture is a failure
   * @param progress is told of every picture, and may stop the work
   * @return which pictures have vectors now
   * @throws Failure where a picture is broken and {@code strict} is set, or more than a tenth are
   * @throws Cancelled where the user stopped it; every batch that was done is kept
   * @throws IOException where the decoder can't be made
   */
  public static ExtractionResult run(
      BottleneckCache cache,
      Backbone backbone,
      BackboneSession session,
      ImageFolder folder,
      boolean strict,
      Progress progress)
      throws IOException {
    try (PictureDecoder decoder = new PictureDecoder(backbone.preprocessing())) {
      return new Extraction(cache, backbone, session, decoder, strict, progress).run(folder);
    }
  }

  /** A file, read: its hash, and its pixels unless its vector is there already. */
  private record Loaded(ImageFile file, Known known, Optional<float[]> picture) {}

  private ExtractionResult run(ImageFolder folder) {
    Map<String, Known> known = cache.picturesBelow(folder.directory());
    List<ImageFile> files = folder.files();
    progress.begin("Bottlenecks", "pictures", files.size());
    try (ReadAhead<ImageFile, Loaded> readers =
        new ReadAhead<>(
            files.iterator(),
            AHEAD,
            file -> load(file, known.get(BottleneckCache.key(file.path()))))) {
      List<Loaded> batch = new ArrayList<>();
      while (readers.hasNext()) {
        if (progress.cancelled()) {
          throw new Cancelled(
              "Interrupted: the vectors of %,d of %,d pictures are kept in %s."
                  .formatted(hashes.size(), files.size(), cache.file()));
        }
        Optional<Loaded> loaded = take(readers.next());
        if (loaded.isPresent() && loaded.get().picture().isPresent()) {
          batch.add(loaded.get());
        } else if (loaded.isPresent()) {
          reuse(loaded.get(), known.get(BottleneckCache.key(loaded.get().file().path())));
        }
        if (batch.size() == BATCH) {
          compute(batch);
        }
      }
      compute(batch);
      leftOut.check(files.size());
      List<ImageFile> readable =
          files.stream().filter(file -> hashes.containsKey(file.path())).toList();
      return new ExtractionResult(readable, hashes, computed, reused, leftOut.list());
    } finally {
      progress.end();
    }
  }

  private Loaded load(ImageFile file, Known before) throws IOException, UnreadablePicture {
    // The stamp before the content: a change in between is seen by the next run.
    FileStamp stamp = FileStamp.of(file.path());
    if (before != null && before.stamp().equals(stamp) && cached.contains(before.hash())) {
      return new Loaded(file, before, Optional.empty());
    }
    byte[] content = Files.readAllBytes(file.path());
    Known known = new Known(stamp, ContentHash.of(content));
    return cached.contains(known.hash())
        ? new Loaded(file, known, Optional.empty())
        : new Loaded(file, known, Optional.of(decoder.decode(content)));
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

  private void reuse(Loaded loaded, Known before) {
    if (!loaded.known().equals(before)) {
      cache.putPicture(loaded.file().path(), loaded.known());
      if (++uncommitted == BATCH) {
        commit();
      }
    }
    done(loaded);
    reused++;
    progress.advance(1);
  }

  private void compute(List<Loaded> batch) {
    if (!batch.isEmpty()) {
      int length = session.vectorLength();
      float[] vectors =
          session.vectors(batch.stream().map(loaded -> loaded.picture().orElseThrow()).toList());
      for (int i = 0; i < batch.size(); i++) {
        Loaded loaded = batch.get(i);
        cache.putVector(backboneId, loaded.known().hash(), vectors, i * length, length);
        cached.add(loaded.known().hash());
        cache.putPicture(loaded.file().path(), loaded.known());
        done(loaded);
      }
    }
    commit();
    computed += batch.size();
    progress.advance(batch.size());
    batch.clear();
  }

  private void commit() {
    cache.commit();
    uncommitted = 0;
  }

  private void done(Loaded loaded) {
    hashes.put(loaded.file().path(), loaded.known().hash());
  }
}
