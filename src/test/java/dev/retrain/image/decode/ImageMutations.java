package dev.retrain.image.decode;

import dev.retrain.testing.TestImages;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Random damage to valid image files, from a fixed seed. */
final class ImageMutations {
  private static final int[] EXTREMES = {0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x10000};

  private ImageMutations() {}

  /** Small valid files of each format, in several encodings, by name. */
  static Map<String, List<byte[]>> originals() throws IOException {
    BufferedImage color = new BufferedImage(40, 30, BufferedImage.TYPE_3BYTE_BGR);
    color.setData(TestImages.gradient(40, 30).getData());
    BufferedImage gray = new BufferedImage(40, 30, BufferedImage.TYPE_BYTE_GRAY);
    gray.getGraphics().drawImage(color, 0, 0, null);
    BufferedImage palette = new BufferedImage(40, 30, BufferedImage.TYPE_BYTE_INDEXED);
    palette.getGraphics().drawImage(color, 0, 0, null);
    Map<String, List<byte[]>> files = new LinkedHashMap<>();
    files.put(
        "JPEG",
        List.of(
            TestImages.file(color, "jpg"),
            TestImages.file(gray, "jpg"),
            written(color, "jpeg", null)));
    files.put("PNG", files("png", color, gray, palette));
    files.put("GIF", List.of(TestImages.file(palette, "gif"), animation(palette)));
    files.put("BMP", files("bmp", color, gray, palette));
    files.put(
        "WebP",
        List.of(
            base64(ImageDecoderTest.LOSSLESS_WEBP),
            base64(ImageDecoderTest.ALPHA_WEBP),
            base64(ImageDecoderTest.ROTATED_WEBP),
            base64(ImageDecoderTest.LOSSY_WEBP)));
    files.put(
        "TIFF",
        List.of(
            TestImages.file(color, "tiff"),
            TestImages.file(palette, "tiff"),
            written(color, "tiff", "LZW"),
            written(gray, "tiff", "PackBits"),
            written(color, "tiff", "JPEG"),
            written(color, "tiff", "ZLib")));
    return files;
  }

  private static byte[] animation(BufferedImage frame) throws IOException {
    return TestImages.animatedGif(List.of(frame, frame));
  }

  private static List<byte[]> files(String format, BufferedImage... images) {
    return Arrays.stream(images).map(image -> TestImages.file(image, format)).toList();
  }

  private static byte[] base64(String text) {
    return Base64.getDecoder().decode(text);
  }

  /** Compressed in a given way; progressive, if no way is given. */
  private static byte[] written(BufferedImage image, String format, String compression)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      if (compression == null) {
        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      } else {
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionType(compression);
      }
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  /** A damaged copy: one to three changes. */
  static byte[] mutate(List<byte[]> originals, Random random) {
    byte[] file = originals.get(random.nextInt(originals.size())).clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      file = changed(file, random);
    }
    return random.nextBoolean() ? withChecksums(file) : file;
  }

  /** With correct checksums of the chunks, if it is a PNG: otherwise little of it is decoded. */
  private static byte[] withChecksums(byte[] file) {
    boolean png = file.length > 8 && file[1] == 'P' && file[2] == 'N' && file[3] == 'G';
    long length;
    for (long at = 8; png && at < file.length - 12; at += 12 + length) {
      length = ByteBuffer.wrap(file).getInt((int) at) & 0xFFFFFFFFL;
      if (at + 12 + length <= file.length) {
        CRC32 crc = new CRC32();
        crc.update(file, (int) at + 4, (int) length + 4);
        ByteBuffer.wrap(file).putInt((int) (at + 8 + length), (int) crc.getValue());
      }
    }
    return file;
  }

  private static byte[] changed(byte[] file, Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> flipped(file, random);
      case 1 -> Arrays.copyOf(file, random.nextInt(file.length) + 1);
      case 2 -> swapped(file, random);
      case 3 -> repeated(file, random);
      default -> numbered(file, random);
    };
  }

  /** A place, often in the header. */
  private static int place(byte[] file, Random random) {
    return random.nextInt(random.nextBoolean() ? file.length : Math.min(file.length, 64));
  }

  private static byte[] flipped(byte[] file, Random random) {
    for (int bits = 1 + random.nextInt(8); bits > 0; bits--) {
      file[place(file, random)] ^= (byte) (1 << random.nextInt(8));
    }
    return file;
  }

  /** Two ranges change places. */
  private static byte[] swapped(byte[] file, Random random) {
    int length = 1 + random.nextInt(Math.max(1, file.length / 4));
    int first = random.nextInt(Math.max(1, file.length - 2 * length + 1));
    int second = Math.min(file.length - length, first + length);
    byte[] copy = file.clone();
    System.arraycopy(file, first, copy, second, length);
    System.arraycopy(file, second, copy, first, length);
    return copy;
  }

  /** A range is there several times. */
  private static byte[] repeated(byte[] file, Random random) {
    int from = random.nextInt(file.length);
    int to = Math.min(file.length, from + 1 + random.nextInt(64));
    byte[] range = Arrays.copyOfRange(file, from, to);
    byte[] head = Arrays.copyOf(file, from);
    byte[] rest = Arrays.copyOfRange(file, from, file.length);
    byte[][] ranges = new byte[1 + random.nextInt(20)][];
    Arrays.fill(ranges, range);
    return CraftedImages.concat(head, CraftedImages.concat(ranges), rest);
  }

  /** A number of one, two or four bytes is extreme: a length, a count, a size or a place. */
  private static byte[] numbered(byte[] file, Random random) {
    ByteBuffer copy =
        ByteBuffer.wrap(file)
            .order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    int size = 1 << random.nextInt(3);
    int at = place(file, random);
    if (at > file.length - size) {
      return file;
    }
    int value =
        random.nextInt(3) == 0 ? random.nextInt() : EXTREMES[random.nextInt(EXTREMES.length)];
    switch (size) {
      case 1 -> copy.put(at, (byte) value);
      case 2 -> copy.putShort(at, (short) value);
      default -> copy.putInt(at, random.nextInt(4) == 0 ? -value : value);
    }
    return file;
  }
}
