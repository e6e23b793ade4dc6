package dev.retrain.image.decode;

import dev.retrain.image.RgbImage;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.util.Arrays;

/**
 * Converts decoded images to RGB without color management.
 *
 * <p>Java's {@link BufferedImage#getRGB} treats gray values as linear light and brightens them, by
 * up to 73 of 255; every other decoder copies them to the three channels.
 */
final class RgbPixels {
  private RgbPixels() {}

  /** The pixels; more than 8 bits per sample are truncated to 8. */
  static RgbImage of(BufferedImage image) {
    if (image.getRaster().getDataBuffer() instanceof DataBufferByte buffer && isBgr(image)) {
      return swapped(image, buffer.getData());
    }
    return copiesSamples(image.getColorModel()) ? copied(image) : converted(image);
  }

  private static boolean copiesSamples(ColorModel model) {
    int type = model.getColorSpace().getType();
    return model instanceof ComponentColorModel
        && model.getComponentSize(0) <= 16
        && (type == ColorSpace.TYPE_GRAY || type == ColorSpace.TYPE_RGB)
        && !(model.hasAlpha() && model.isAlphaPremultiplied());
  }

  private static boolean isBgr(BufferedImage image) {
    return copiesSamples(image.getColorModel())
        && image.getSampleModel() instanceof PixelInterleavedSampleModel model
        && Arrays.equals(model.getBandOffsets(), new int[] {2, 1, 0})
        && model.getPixelStride() == 3
        && model.getScanlineStride() == 3 * image.getWidth()
        && ((DataBufferByte) image.getRaster().getDataBuffer()).getData().length
            == 3L * image.getWidth() * image.getHeight();
  }

  /** Swaps red and blue in place: a large image is in memory only once. */
  private static RgbImage swapped(BufferedImage image, byte[] samples) {
    for (int i = 0; i < samples.length; i += 3) {
      byte blue = samples[i];
      samples[i] = samples[i + 2];
      samples[i + 2] = blue;
    }
    return new RgbImage(image.getHeight(), image.getWidth(), samples);
  }

  private static RgbImage copied(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    boolean gray = image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    int bits = image.getColorModel().getComponentSize(0);
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(height, width), 3)];
    int[] row = new int[Math.multiplyExact(width, bands)];
    int at = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        for (int channel = 0; channel < 3; channel++) {
          rgb[at++] = eightBits(row[x * bands + (gray ? 0 : channel)], bits);
        }
      }
    }
    return new RgbImage(height, width, rgb);
  }

  private static byte eightBits(int sample, int bits) {
    return (byte) (bits >= 8 ? sample >> (bits - 8) : sample * 255 / ((1 << bits) - 1));
  }

  private static RgbImage converted(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(height, width), 3)];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int pixel : row) {
        rgb[at++] = (byte) (pixel >> 16);
        rgb[at++] = (byte) (pixel >> 8);
        rgb[at++] = (byte) pixel;
      }
    }
    return new RgbImage(height, width, rgb);
  }
}
