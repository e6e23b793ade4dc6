package dev.retrain.tensorboard;

import com.google.protobuf.ByteString;
import dev.retrain.util.io.ImageEncoder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import org.tensorflow.proto.Summary;

/** A summary for TensorBoard's image page. */
public final class ImageSummary {
  private static final int RGB = 3;

  private ImageSummary() {}

  /**
   * Encodes an image.
   *
   * @param tag the tag of the summary
   * @param image an image without an alpha channel
   * @throws IOException if it can't be encoded
   */
  public static Summary encode(String tag, BufferedImage image) throws IOException {
    ByteString.Output png = ByteString.newOutput();
    ImageEncoder.write(image, "png", png);
    return Summary.newBuilder()
        .addValue(
            Summary.Value.newBuilder()
                .setTag(tag)
                .setImage(
                    Summary.Image.newBuilder()
                        .setHeight(image.getHeight())
                        .setWidth(image.getWidth())
                        .setColorspace(RGB)
                        .setEncodedImageString(png.toByteString())))
        .build();
  }
}
