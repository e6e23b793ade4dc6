package dev.retrain.tensorboard;

import com.google.protobuf.ByteString;
import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.tensorflow.proto.Summary;

/** A picture for TensorBoard's page of images. */
public final class ImageSummary {
  private static final int RGB = 3;

  private ImageSummary() {}

  /**
   * @param tag what it is called
   * @param picture without transparency
   * @return the summary
   * @throws IOException where it can't be encoded
   */
  public static Summary of(String tag, BufferedImage picture) throws IOException {
    ByteString.Output png = ByteString.newOutput();
    ImageIO.write(picture, "png", png);
    return Summary.newBuilder()
        .addValue(
            Summary.Value.newBuilder()
                .setTag(tag)
                .setImage(
                    Summary.Image.newBuilder()
                        .setHeight(picture.getHeight())
                        .setWidth(picture.getWidth())
                        .setColorspace(RGB)
                        .setEncodedImageString(png.toByteString())))
        .build();
  }
}
