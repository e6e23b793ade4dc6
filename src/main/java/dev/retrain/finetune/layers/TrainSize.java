package dev.retrain.finetune.layers;

import dev.retrain.backbone.Backbone;
import dev.retrain.finetune.network.NetworkResize;
import dev.retrain.image.PixelLimit;
import dev.retrain.image.Preprocessing;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.header.HeaderReader;
import dev.retrain.image.decode.header.ImageFormat;
import dev.retrain.image.decode.header.ImageHeader;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The size of images during fine-tuning. It affects the time of a training more than anything else,
 * and small images have no details that a large size could show.
 */
public final class TrainSize {
  private static final Logger LOG = LoggerFactory.getLogger(TrainSize.class);

  /** Number of images from whose headers the size is chosen. */
  public static final int SAMPLE = 100;

  /** Networks trained on photographs recognize little in small images unless these are enlarged. */
  private static final int ENLARGEMENT = 4;

  /** Sizes are multiples of the stride of usual networks. */
  private static final int STRIDE = 32;

  private static final int MIN = 2 * STRIDE;

  private TrainSize() {}

  /**
   * Changes a network's size.
   *
   * @param backbone the network
   * @param requested the number of rows; absent to choose it: four times the shorter side of the
   *     median image, at most the network's own
   * @param images contents of image files from which it is chosen
   * @return the network, unchanged if it can't be changed to the chosen size
   * @throws InvalidSettingException if it is too small, or larger than the network's own
   * @throws RetrainException if the network can't be changed to the requested size
   */
  public static Backbone apply(Backbone backbone, OptionalInt requested, List<byte[]> images) {
    Preprocessing own = backbone.preprocessing();
    int height = requested.orElseGet(() -> choose(own, images));
    if (height == own.height()) {
      return backbone;
    }
    if (height < STRIDE || height > own.height()) {
      throw new InvalidSettingException(
          Setting.TRAIN_SIZE,
          "must be from %d to %d, the network's own size, but is %d",
          STRIDE,
          own.height(),
          height);
    }
    int width = Math.max(1, (int) Math.round((double) height * own.width() / own.height()));
    try {
      return NetworkResize.resize(backbone, height, width);
    } catch (RetrainException e) {
      if (requested.isPresent()) {
        throw e;
      }
      LOG.info(
          "The network keeps its own size, because it can't be changed to {} x {} pixels.",
          width,
          height);
      LOG.debug("The size can't be changed", e);
      return backbone;
    }
  }

  private static int choose(Preprocessing own, List<byte[]> images) {
    long[] sides =
        images.stream()
            .flatMapToLong(content -> side(content, own.pixelLimit()))
            .sorted()
            .toArray();
    if (sides.length == 0) {
      return own.height();
    }
    long enlarged = ENLARGEMENT * sides[sides.length / 2];
    long multiple = (enlarged + STRIDE - 1) / STRIDE * STRIDE;
    return (int) Math.min(own.height(), Math.max(MIN, multiple));
  }

  /** The shorter side of an image; none if it is unknown. */
  private static LongStream side(byte[] content, PixelLimit limit) {
    try {
      ImageHeader header = HeaderReader.read(ImageFormat.detect(content), content, limit);
      long side = Math.min(header.width(), header.height());
      return side > 0 ? LongStream.of(side) : LongStream.empty();
    } catch (UnreadableImageException e) {
      // Extraction reports it.
      return LongStream.empty();
    }
  }
}
