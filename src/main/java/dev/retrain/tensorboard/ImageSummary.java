package dev.retrain.tensorboard;

import com.google.protobuf.ByteString;
import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.tensorflow.proto.Summary;

/** An image for TensorBoard's page of images. */
public final class ImageSummary {
  private static final int RGB = 3;

  private ImageSummary() {}

  /**
   * @param tag what it is called
   * @param image without transparency
   * @return the summary
   * @throws IOException where it can't be encoded
   */
  public static Summary encode(String tag, BufferedImage image) throws IOException {
    ByteString.Output png = ByteString.newOutput();
    ImageIO.write(image, "png", png);
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
