package dev.retrain.bottleneck.extract;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.TooManySkippedException;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.util.CancelledException;
import dev.retrain.util.EvenIndexes;
import dev.retrain.util.Progress;
import dev.retrain.util.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.io.file.PathUtils;

/**
 * Estimates the throughput of extraction: extracts some images for a few seconds to a temporary
 * cache, which is deleted afterwards.
 *
 * @param backbone the backbone
 * @param folder the images
 */
public record ThroughputProbe(Backbone backbone, ImageFolder folder) {
  /** Maximum number of images extracted, spread evenly over the folder. */
  static final int SAMPLE = 4096;

  private static final double SECONDS = 5;

  /**
   * A measured throughput.
   *
   * @param imagesPerSecond images per second, above 0
   * @param images number of images it was measured on
   */
  public record Estimate(double imagesPerSecond, int images) {}

  /**
   * Measures the throughput.
   *
   * @param progress receives the number of images extracted, and may cancel the work
   * @return the throughput; absent if too few images can be read
   * @throws dev.retrain.util.RetrainException if the backbone can't be run
   * @throws CancelledException if the user cancelled
   * @throws IOException if temporary files can't be written
   */
  public Optional<Estimate> estimate(Progress progress) throws IOException {
    Path directory = TemporaryDirectory.create();
    Measurement measurement = new Measurement(progress);
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      Extraction.run(cache, backbone, sample(), false, measurement);
    } catch (TooManySkippedException e) {
      // Too many unreadable images: the real extraction reports them.
      return Optional.empty();
    } catch (CancelledException e) {
      if (progress.cancelled()) {
        throw e;
      }
    } finally {
      PathUtils.deleteDirectory(directory);
    }
    return measurement.estimate();
  }

  private ImageFolder sample() {
    List<ImageFile> files = folder.files();
    Set<ImageFile> others = new HashSet<>(files);
    int count = Math.min(SAMPLE, files.size());
    EvenIndexes.of(files.size(), count).forEach(i -> others.remove(files.get(i)));
    return folder.without(others);
  }

  /**
   * Cancels the extraction after some seconds, and counts images. The time starts with the first
   * images done, when the backbone has been loaded.
   */
  private static final class Measurement implements Progress {
    private final Progress progress;
    private long begin;
    private long first;
    private long last;
    private int imagesBefore;
    private int imagesAfter;

    Measurement(Progress progress) {
      this.progress = progress;
    }

    @Override
    public synchronized void begin(String stage, String unit, long total) {
      begin = System.nanoTime();
      progress.begin("Estimating", unit, total);
    }

    @Override
    public synchronized void advance(long count) {
      last = System.nanoTime();
      if (imagesBefore == 0) {
        first = last;
        imagesBefore = (int) count;
      } else {
        imagesAfter += (int) count;
      }
      progress.advance(count);
    }

    @Override
    public void end() {
      progress.end();
    }

    @Override
    public synchronized boolean cancelled() {
      return progress.cancelled() || (imagesAfter > 0 && (last - first) / 1e9 > SECONDS);
    }

    synchronized Optional<Estimate> estimate() {
      // Few images are all done at once; their time then includes loading the backbone.
      double seconds = (last - (imagesAfter > 0 ? first : begin)) / 1e9;
      int timed = imagesAfter > 0 ? imagesAfter : imagesBefore;
      return timed == 0 || seconds <= 0
          ? Optional.empty()
          : Optional.of(new Estimate(timed / seconds, imagesBefore + imagesAfter));
    }
  }
}
