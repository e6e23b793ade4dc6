package dev.retrain.bottleneck.extract;

import dev.retrain.image.Preprocessing;
import dev.retrain.image.ResizeMode;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.AspectChange;
import dev.retrain.util.Setting;
import dev.retrain.util.text.Counted;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts images, such as panoramas, that stretching distorts, and warns of them. Thread-safe. */
final class StretchedImages {
  /** A larger change of the aspect ratio is worth a warning. */
  private static final double MAX_FACTOR = 2;

  private static final Logger LOG = LoggerFactory.getLogger(StretchedImages.class);

  private final Preprocessing preprocessing;
  private final boolean stretches;
  private int count;
  private Path example;
  private AspectChange change;

  StretchedImages(Preprocessing preprocessing) {
    this.preprocessing = preprocessing;
    // Variants have the shape of the images themselves, which come first.
    stretches = preprocessing.resize() == ResizeMode.STRETCH && preprocessing.variant().isEmpty();
  }

  /**
   * Adds an image that was decoded.
   *
   * @param image the image with its content
   */
  void add(LoadedImage image) throws UnreadableImageException {
    if (!stretches) {
      return;
    }
    AspectChange found = AspectChange.read(image.content().orElseThrow(), preprocessing);
    if (found.factor() > MAX_FACTOR) {
      count(image.file().path(), found);
    }
  }

  private synchronized void count(Path file, AspectChange found) {
    count++;
    if (example == null || file.compareTo(example) < 0) {
      example = file;
      change = found;
    }
  }

  /** Logs a warning if there are any. */
  synchronized void warn() {
    if (count > 0) {
      LOG.warn(
          "Stretching to {} x {} pixels changes the aspect ratio of {} by a factor of more than {},"
              + " such as {} of {} x {}. Consider crop or pad for {}.",
          preprocessing.width(),
          preprocessing.height(),
          Counted.of(count, "image"),
          (int) MAX_FACTOR,
          example,
          change.width(),
          change.height(),
          Setting.RESIZE);
    }
  }
}
