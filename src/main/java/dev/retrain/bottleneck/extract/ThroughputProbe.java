package dev.retrain.bottleneck.extract;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.io.file.PathUtils;

/**
 * Tells how fast images become vectors: a real extraction of some of them, for a few seconds, to a
 * cache that is thrown away.
 *
 * @param backbone the network
 * @param folder the images
 */
public record ThroughputProbe(Backbone backbone, ImageFolder folder) {
  /** Images tried at most, spread evenly over all. */
  static final int SAMPLE = 4096;

  private static final double SECONDS = 5;

  /**
   * Measures.
   *
   * @param progress may stop it
   * @return the pace; absent where too few images can be read
   * @throws CancelledException where the user stopped it
   * @throws IOException where there is no room for temporary files
   */
  public Optional<Throughput> pace(Progress progress) throws IOException {
    Path directory = Files.createTempDirectory("retrain");
    Watch watch = new Watch(progress);
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      Extraction.run(cache, backbone, sample(), false, watch);
    } catch (RetrainException e) {
      // Too many that can't be read: the run itself will say so.
      return Optional.empty();
    } catch (CancelledException e) {
      if (progress.cancelled()) {
        throw e;
      }
    } finally {
      PathUtils.deleteDirectory(directory);
    }
    return watch.pace();
  }

  private ImageFolder sample() {
    List<ImageFile> files = folder.files();
    Set<ImageFile> others = new HashSet<>(files);
    int count = Math.min(SAMPLE, files.size());
    for (int i = 0; i < count; i++) {
      others.remove(files.get((int) ((long) i * files.size() / count)));
    }
    return folder.without(others);
  }

  /** Counts images from the first that are done on, when all is loaded, and ends the trial. */
  private static final class Watch implements Progress {
    private final Progress progress;
    private long begun;
    private long first;
    private long last;
    private int before;
    private int after;

    Watch(Progress progress) {
      this.progress = progress;
    }

    @Override
    public synchronized void begin(String stage, String unit, long total) {
      begun = System.nanoTime();
      progress.begin("Trial", unit, total);
    }

    @Override
    public synchronized void advance(long count) {
      last = System.nanoTime();
      if (before == 0) {
        first = last;
        before = (int) count;
      } else {
        after += (int) count;
      }
      progress.advance(count);
    }

    @Override
    public void end() {
      progress.end();
    }

    @Override
    public synchronized boolean cancelled() {
      return progress.cancelled() || (after > 0 && (last - first) / 1e9 > SECONDS);
    }

    synchronized Optional<Throughput> pace() {
      // Few images are all done at once: then the start is in their time.
      double seconds = (last - (after > 0 ? first : begun)) / 1e9;
      int timed = after > 0 ? after : before;
      return timed == 0 || seconds <= 0
          ? Optional.empty()
          : Optional.of(new Throughput(timed / seconds, before + after));
    }
  }
}
