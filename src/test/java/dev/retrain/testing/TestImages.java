package dev.retrain.testing;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Images made by code, and their files. */
public final class TestImages {
  private TestImages() {}

  /** What a pixel is: red, green and blue in the low 24 bits. */
  @FunctionalInterface
  public interface Paint {
    int rgb(int x, int y);
  }

  public static BufferedImage paint(int width, int height, Paint paint) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, paint.rgb(x, y));
      }
    }
    return image;
  }

  /** Every pixel another colour. */
  public static BufferedImage noise(int width, int height, long seed) {
    Random random = new Random(seed);
    return paint(width, height, (x, y) -> random.nextInt(1 << 24));
  }

  /** Colours that change slowly, so that JPEG hardly changes them. */
  public static BufferedImage gradient(int width, int height) {
    return paint(
        width, height, (x, y) -> rgb(40 + 150 * x / width, 30 + 180 * y / height, 200 - 3 * x));
  }

  public static int rgb(int red, int green, int blue) {
    return red << 16 | green << 8 | blue;
  }

  public static byte[] file(BufferedImage image, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalArgumentException("ImageIO can't write this as " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A JPEG of a good quality; TensorFlow's fast decoder does badly at the best. */
  public static byte[] jpeg(IIOImage image) throws IOException {
    ImageWriter writer = writer("jpeg");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(0.92f);
      writer.setOutput(stream);
      writer.write(null, image, param);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  public static byte[] jpeg(BufferedImage image) throws IOException {
    return jpeg(new IIOImage(image, null, null));
  }

  public static byte[] animatedGif(List<BufferedImage> frames) throws IOException {
    ImageWriter writer = writer("gif");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.prepareWriteSequence(null);
      for (BufferedImage frame : frames) {
        writer.writeToSequence(new IIOImage(frame, null, null), null);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  private static ImageWriter writer(String format) {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName(format);
    return writers.next();
  }
}
