package dev.retrain.image.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.image.PixelLimit;
import dev.retrain.image.Preprocessing;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.testing.TestImages;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import org.junit.jupiter.api.Test;

/** A JPEG with more pixels than TensorFlow's operation decodes, 178,956,970. */
class LargeJpegTest {
  private static final int SIDE = 13_400;

  /** The rows overlap in memory: red grows from the upper left to the lower right. */
  private static byte[] largeJpeg() {
    byte[] pixels = new byte[3 * 2 * SIDE];
    for (int i = 0; i < 2 * SIDE; i++) {
      pixels[3 * i] = (byte) (i * 255L / (2 * SIDE));
      pixels[3 * i + 1] = 90;
      pixels[3 * i + 2] = 30;
    }
    WritableRaster raster =
        Raster.createWritableRaster(
            new ComponentSampleModel(DataBuffer.TYPE_BYTE, SIDE, SIDE, 3, 3, new int[] {0, 1, 2}),
            new DataBufferByte(pixels, pixels.length),
            null);
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_BYTE);
    return TestImages.file(new BufferedImage(model, raster, false, null), "jpg");
  }

  @Test
  void isDecodedUpToTheLimit() throws Exception {
    byte[] file = largeJpeg();
    Preprocessing preprocessing = new Preprocessing(4, 8, 0, 1);
    try (ImageDecoder decoder = new ImageDecoder(preprocessing)) {
      float[] image = decoder.decode(file);
      for (int pixel = 0; pixel < 4 * 8; pixel++) {
        int row = pixel / 8;
        float red = 255 * (pixel % 8 / 8f + row / 4f) / 2;
        assertThat(image[3 * pixel]).isBetween(red - 4, red + 4);
        assertThat(image[3 * pixel + 1]).isBetween(86f, 94f);
        assertThat(image[3 * pixel + 2]).isBetween(26f, 34f);
      }
    }
    PixelLimit below = new PixelLimit((long) SIDE * SIDE - 1);
    try (ImageDecoder decoder = new ImageDecoder(preprocessing.withPixelLimit(below))) {
      assertThatThrownBy(() -> decoder.decode(file))
          .isInstanceOf(UnreadableImageException.class)
          .hasMessageContaining("13,400 x 13,400 pixels, more than the limit of 179,559,999");
    }
  }
}
