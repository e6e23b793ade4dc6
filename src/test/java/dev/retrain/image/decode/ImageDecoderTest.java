package dev.retrain.image.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retrain.image.PixelLimit;
import dev.retrain.image.Preprocessing;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.testing.TestImages;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.types.TFloat32;

class ImageDecoderTest {
  private static final int WIDTH = 24;
  private static final int HEIGHT = 16;

  // Made with Pillow. 5 x 3 pixels: (x * 40 + 7, y * 90 + 11, 200 - x * 20 - y * 5).
  static final String LOSSLESS_WEBP =
      "UklGRkoAAABXRUJQVlA4TD0AAAAvBIAAAHdAkG0DMLUT1J/lDGLBFO9LJTVtGzD8mQVR5zP/PShy3JYXB4MAkAhU"
          + "LCmkEFwKK4wa0f/wkGNfAA==";

  // The same with an alpha of x * 50 + y * 10.
  static final String ALPHA_WEBP =
      "UklGRk4AAABXRUJQVlA4TEIAAAAvBIAAEHdAkG0DMLUT1J/lDGLBFO9LJTVtGzD8mQVR5yMWTHH3IOpBEcdt/eJg"
          + "EAASgYolhRSCS2GFUSP6Hx5y7As=";

  // The same with EXIF orientation 6.
  static final String ROTATED_WEBP =
      "UklGRn4AAABXRUJQVlA4WAoAAAAIAAAABAAAAgAAVlA4TD0AAAAvBIAAAHdAkG0DMLUT1J/lDGLBFO9LJTVtGzD8"
          + "mQVR5zP/PShy3JYXB4MAkAhULCmkEFwKK4wa0f/wkGNfAEVYSUYaAAAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAA"
          + "AAA=";

  // 32 x 16 pixels: the left half (200, 60, 40), the right half (30, 90, 160).
  static final String LOSSY_WEBP =
      "UklGRloAAABXRUJQVlA4IE4AAACwBACdASogABAAPjEUiEKiISEYBAAgAwS0AE6ZQjgbwD8AP1A4wLsB+lYCnqIA"
          + "AP7wOEP/Pl2qMoT/+Pg4qYc/+XMN4AfWzhAtkehAAAA=";

  /** Decodes without scaling the values, resizing to the given size. */
  private static float[] decode(byte[] file, int width, int height)
      throws UnreadableImageException {
    try (ImageDecoder decoder = new ImageDecoder(new Preprocessing(height, width, 0, 1))) {
      return decoder.decode(file);
    }
  }

  private static float[] decode(byte[] file) throws UnreadableImageException {
    return decode(file, WIDTH, HEIGHT);
  }

  private static float[] values(int width, int height, TestImages.Paint paint) {
    float[] values = new float[width * height * 3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int rgb = paint.rgb(x, y);
        values[(y * width + x) * 3] = rgb >> 16 & 0xFF;
        values[(y * width + x) * 3 + 1] = rgb >> 8 & 0xFF;
        values[(y * width + x) * 3 + 2] = rgb & 0xFF;
      }
    }
    return values;
  }

  private static float[] values(BufferedImage image) {
    return values(image.getWidth(), image.getHeight(), image::getRGB);
  }

  private static IndexColorModel palette(int colours, long seed) {
    byte[] rgb = new byte[colours * 3];
    new Random(seed).nextBytes(rgb);
    return new IndexColorModel(8, colours, rgb, 0, false);
  }

  /** Pixels drawn from a palette. */
  private static BufferedImage indexed(long seed) {
    BufferedImage image =
        new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_INDEXED, palette(200, seed));
    Random random = new Random(seed + 1);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.getRaster().setSample(x, y, 0, random.nextInt(200));
      }
    }
    return image;
  }

  private static BufferedImage sixteenBit(int bands, int[] samples) {
    ColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(bands == 1 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster = model.createCompatibleWritableRaster(WIDTH, HEIGHT);
    raster.setPixels(0, 0, WIDTH, HEIGHT, samples);
    return new BufferedImage(model, raster, false, null);
  }

  private static int[] samples(int count, int bound) {
    return new Random(3).ints(count, 0, bound).toArray();
  }

  @Nested
  class Jpeg {
    @Test
    void colourIsDecoded() throws Exception {
      BufferedImage image = TestImages.gradient(64, 96);
      assertThat(decode(TestImages.jpeg(image), 64, 96)).containsExactly(values(image), within(6f));
    }

    @Test
    void greyBecomesThreeEqualChannels() throws Exception {
      BufferedImage grey = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
      for (int x = 0; x < WIDTH; x++) {
        for (int y = 0; y < HEIGHT; y++) {
          grey.getRaster().setSample(x, y, 0, 20 + 6 * x + 4 * y);
        }
      }
      assertThat(decode(TestImages.jpeg(grey)))
          .containsExactly(
              values(WIDTH, HEIGHT, (x, y) -> (20 + 6 * x + 4 * y) * 0x010101), within(2f));
    }

    @Test
    void cmykIsConverted() throws Exception {
      byte[] file = TestImages.jpeg(new IIOImage(cmyk(), null, null));
      assertThat(decode(file))
          .containsExactly(
              values(
                  WIDTH,
                  HEIGHT,
                  (x, y) -> {
                    int k = 255 - ink(x, y, 3);
                    return TestImages.rgb(
                        (255 - ink(x, y, 0)) * k / 255,
                        (255 - ink(x, y, 1)) * k / 255,
                        (255 - ink(x, y, 2)) * k / 255);
                  }),
              within(6f));
    }

    @Test
    void invertedCmykOfAdobeIsConverted() throws Exception {
      byte[] plain = TestImages.jpeg(new IIOImage(cmyk(), null, null));
      byte[] adobe = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
      assertThat(decode(withSegment(plain, 0xEE, adobe)))
          .containsExactly(
              values(
                  WIDTH,
                  HEIGHT,
                  (x, y) ->
                      TestImages.rgb(
                          ink(x, y, 0) * ink(x, y, 3) / 255,
                          ink(x, y, 1) * ink(x, y, 3) / 255,
                          ink(x, y, 2) * ink(x, y, 3) / 255)),
              within(6f));
    }

    private static int ink(int x, int y, int band) {
      return switch (band) {
        case 0 -> 10 + 8 * x;
        case 1 -> 200 - 7 * y;
        case 2 -> 60 + 3 * x + 2 * y;
        default -> 30 + 5 * y;
      };
    }

    private static Raster cmyk() {
      WritableRaster raster =
          Raster.createInterleavedRaster(
              DataBuffer.TYPE_BYTE, WIDTH, HEIGHT, WIDTH * 4, 4, new int[] {0, 1, 2, 3}, null);
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
          for (int band = 0; band < 4; band++) {
            raster.setSample(x, y, band, ink(x, y, band));
          }
        }
      }
      return raster;
    }
  }

  @Nested
  class Png {
    @Test
    void colourIsDecodedExactly() throws Exception {
      BufferedImage image = TestImages.noise(WIDTH, HEIGHT, 1);
      assertThat(decode(TestImages.file(image, "png"))).containsExactly(values(image));
    }

    @Test
    void greyBecomesThreeEqualChannels() throws Exception {
      BufferedImage grey = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
      int[] samples = samples(WIDTH * HEIGHT, 256);
      grey.getRaster().setPixels(0, 0, WIDTH, HEIGHT, samples);
      assertThat(decode(TestImages.file(grey, "png")))
          .containsExactly(values(WIDTH, HEIGHT, (x, y) -> samples[y * WIDTH + x] * 0x010101));
    }

    @Test
    void sixteenBitsOfGreyAreTruncatedToEight() throws Exception {
      int[] samples = samples(WIDTH * HEIGHT, 1 << 16);
      assertThat(decode(TestImages.file(sixteenBit(1, samples), "png")))
          .containsExactly(
              values(WIDTH, HEIGHT, (x, y) -> (samples[y * WIDTH + x] >> 8) * 0x010101));
    }

    @Test
    void sixteenBitsOfColourAreTruncatedToEight() throws Exception {
      int[] samples = samples(WIDTH * HEIGHT * 3, 1 << 16);
      float[] expected = new float[samples.length];
      for (int i = 0; i < samples.length; i++) {
        expected[i] = samples[i] >> 8;
      }
      assertThat(decode(TestImages.file(sixteenBit(3, samples), "png"))).containsExactly(expected);
    }

    @Test
    void paletteIsApplied() throws Exception {
      BufferedImage image = indexed(5);
      assertThat(decode(TestImages.file(image, "png"))).containsExactly(values(image));
    }

    @Test
    void alphaIsDroppedWithoutBlending() throws Exception {
      BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_ARGB);
      Random random = new Random(8);
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
          // Fully transparent pixels among them.
          image.setRGB(x, y, random.nextInt(1 << 24) | ((random.nextInt(4) * 85) << 24));
        }
      }
      assertThat(decode(TestImages.file(image, "png"))).containsExactly(values(image));
    }
  }

  @Nested
  class Gif {
    @Test
    void firstFrameOfAnimationIsDecoded() throws Exception {
      BufferedImage first = indexed(11);
      byte[] file = TestImages.animatedGif(List.of(first, indexed(12), indexed(13)));
      assertThat(decode(file)).containsExactly(values(first));
    }
  }

  @Nested
  class Bmp {
    @Test
    void colourIsDecodedExactly() throws Exception {
      BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
      image.setData(TestImages.noise(WIDTH, HEIGHT, 2).getData());
      assertThat(decode(TestImages.file(image, "bmp"))).containsExactly(values(image));
    }

    @Test
    void paletteIsApplied() throws Exception {
      BufferedImage image = indexed(6);
      assertThat(decode(TestImages.file(image, "bmp"))).containsExactly(values(image));
    }
  }

  @Nested
  class WebP {
    private static final float[] PIXELS =
        values(5, 3, (x, y) -> TestImages.rgb(x * 40 + 7, y * 90 + 11, 200 - x * 20 - y * 5));

    @Test
    void losslessIsDecodedExactly() throws Exception {
      assertThat(decode(base64(LOSSLESS_WEBP), 5, 3)).containsExactly(PIXELS);
    }

    @Test
    void alphaIsDroppedWithoutBlending() throws Exception {
      assertThat(decode(base64(ALPHA_WEBP), 5, 3)).containsExactly(PIXELS);
    }

    @Test
    void lossyHasTheColoursOfTheOriginal() throws Exception {
      float[] image = decode(base64(LOSSY_WEBP), 32, 16);
      assertThat(pixel(image, 32, 8, 8)).containsExactly(new float[] {200, 60, 40}, within(4f));
      assertThat(pixel(image, 32, 24, 8)).containsExactly(new float[] {30, 90, 160}, within(4f));
    }

    private static float[] pixel(float[] image, int width, int x, int y) {
      int at = (y * width + x) * 3;
      return Arrays.copyOfRange(image, at, at + 3);
    }
  }

  @Nested
  class Orientation {
    // EXIF 2.32, 4.6.4, tag 274: the sides of the scene at row 0 and column 0 of the stored image.
    @ParameterizedTest
    @CsvSource({
      "1, top, left",
      "2, top, right",
      "3, bottom, right",
      "4, bottom, left",
      "5, left, top",
      "6, right, top",
      "7, right, bottom",
      "8, left, bottom",
    })
    void orientationOfJpegIsApplied(int orientation, String row0, String column0) throws Exception {
      byte[] file = TestImages.jpeg(TestImages.gradient(WIDTH, HEIGHT));
      float[] expected = upright(decode(file), WIDTH, HEIGHT, row0, column0);
      boolean transposed = orientation >= 5;
      byte[] rotated = withSegment(file, 0xE1, exifSegment(orientation));
      assertThat(decode(rotated, transposed ? HEIGHT : WIDTH, transposed ? WIDTH : HEIGHT))
          .containsExactly(expected);
    }

    @Test
    void orientationOfPngIsApplied() throws Exception {
      BufferedImage image = TestImages.noise(WIDTH, HEIGHT, 21);
      byte[] rotated = withPngChunk(TestImages.file(image, "png"), "eXIf", tiff(6));
      assertThat(decode(rotated, /* width= */ HEIGHT, /* height= */ WIDTH))
          .containsExactly(upright(values(image), WIDTH, HEIGHT, "right", "top"));
    }

    @Test
    void orientationOfWebPIsApplied() throws Exception {
      assertThat(decode(base64(ROTATED_WEBP), 3, 5))
          .containsExactly(upright(WebP.PIXELS, 5, 3, "right", "top"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 255})
    void invalidOrientationIsIgnored(int orientation) throws Exception {
      byte[] file = TestImages.jpeg(TestImages.gradient(WIDTH, HEIGHT));
      assertThat(decode(withSegment(file, 0xE1, exifSegment(orientation))))
          .containsExactly(decode(file));
    }

    @Test
    void corruptMetadataIsIgnored() throws Exception {
      byte[] file = TestImages.jpeg(TestImages.gradient(WIDTH, HEIGHT));
      byte[] broken = Arrays.copyOf(exifSegment(6), 17);
      assertThat(decode(withSegment(file, 0xE1, broken))).containsExactly(decode(file));
    }

    private static float[] upright(
        float[] stored, int width, int height, String row0, String column0) {
      boolean transposed = row0.equals("left") || row0.equals("right");
      int uprightWidth = transposed ? height : width;
      float[] upright = new float[stored.length];
      for (int row = 0; row < height; row++) {
        for (int column = 0; column < width; column++) {
          int fromTop =
              transposed
                  ? (column0.equals("top") ? column : width - 1 - column)
                  : (row0.equals("top") ? row : height - 1 - row);
          int fromLeft =
              transposed
                  ? (row0.equals("left") ? row : height - 1 - row)
                  : (column0.equals("left") ? column : width - 1 - column);
          System.arraycopy(
              stored,
              (row * width + column) * 3,
              upright,
              (fromTop * uprightWidth + fromLeft) * 3,
              3);
        }
      }
      return upright;
    }
  }

  @Nested
  class Resizing {
    @ParameterizedTest
    @CsvSource({
      "37, 23, 96, 64",
      "50, 41, 24, 17",
      "24, 16, 24, 16",
      "3, 2, 30, 31",
      "1, 1, 5, 4",
      "600, 450, 40, 30"
    })
    void isBilinearAsInRetrainPy(int width, int height, int toWidth, int toHeight)
        throws Exception {
      BufferedImage image = TestImages.noise(width, height, 9);
      float mean = 120.5f;
      float std = 64.25f;
      try (ImageDecoder decoder =
          new ImageDecoder(new Preprocessing(toHeight, toWidth, mean, std))) {
        assertThat(decoder.decode(TestImages.file(image, "png")))
            .containsExactly(
                scaled(values(image), width, height, toWidth, toHeight, mean, std), within(1e-4f));
      }
    }

    @Test
    void resizedFloatsEqualResizedBytes() throws Exception {
      byte[] file = TestImages.file(TestImages.noise(61, 47, 12), "png");
      assertThat(resized(file, true)).containsExactly(resized(file, false));
    }

    private float[] resized(byte[] file, boolean asFloats) throws Exception {
      try (DecodeGraph<TFloat32> graph =
          new DecodeGraph<>(
              PixelLimit.DEFAULT,
              (tf, pixels, small) ->
                  tf.image.resizeBilinear(
                      asFloats
                          ? tf.expandDims(tf.dtypes.cast(pixels, TFloat32.class), tf.constant(0))
                          : tf.expandDims(pixels, tf.constant(0)),
                      tf.constant(new int[] {224, 200})))) {
        return graph.run(
            file,
            tensor -> {
              float[] values = new float[224 * 200 * 3];
              tensor.asRawTensor().data().asFloats().read(values);
              return values;
            });
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8})
    void jpegIsDecodedAtScale(int scale) throws Exception {
      BufferedImage image =
          TestImages.paint(
              640, 480, (x, y) -> TestImages.rgb(x / 4 + 20, y / 3 + 30, 200 - (x + y) / 8));
      Preprocessing whole = new Preprocessing(60, 80, 0, 1);
      byte[] jpeg = TestImages.file(image, "jpg");
      float[] full = decoded(whole, jpeg);
      float[] smaller = decoded(whole.withJpegScale(scale), jpeg);
      assertThat(smaller).containsExactly(full, within(8f)).isNotEqualTo(full);
      byte[] png = TestImages.file(image, "png");
      assertThat(decoded(whole.withJpegScale(scale), png)).containsExactly(decoded(whole, png));
    }

    private static float[] decoded(Preprocessing preprocessing, byte[] file) throws Exception {
      try (ImageDecoder decoder = new ImageDecoder(preprocessing)) {
        return decoder.decode(file);
      }
    }

    // Without half-pixel centres: point (0, 0) of the result is point (0, 0) of the image.
    private static float[] scaled(
        float[] image, int width, int height, int toWidth, int toHeight, double mean, double std) {
      float[] scaled = new float[toWidth * toHeight * 3];
      for (int y = 0; y < toHeight; y++) {
        for (int x = 0; x < toWidth; x++) {
          double fromX = (double) x * width / toWidth;
          double fromY = (double) y * height / toHeight;
          int left = (int) fromX;
          int top = (int) fromY;
          int right = Math.min(left + 1, width - 1);
          int bottom = Math.min(top + 1, height - 1);
          for (int c = 0; c < 3; c++) {
            double above =
                mix(
                    image[(top * width + left) * 3 + c],
                    image[(top * width + right) * 3 + c],
                    fromX - left);
            double below =
                mix(
                    image[(bottom * width + left) * 3 + c],
                    image[(bottom * width + right) * 3 + c],
                    fromX - left);
            scaled[(y * toWidth + x) * 3 + c] =
                (float) ((mix(above, below, fromY - top) - mean) * (1 / std));
          }
        }
      }
      return scaled;
    }

    private static double mix(double a, double b, double share) {
      return a + (b - a) * share;
    }
  }

  @Nested
  class Corrupt {
    @ParameterizedTest
    @CsvSource({"jpg, JPEG", "png, PNG"})
    void truncatedFileIsReported(String format, String reason) {
      byte[] file = TestImages.file(TestImages.noise(WIDTH, HEIGHT, 4), format);
      assertUnreadable(Arrays.copyOf(file, file.length / 2), reason);
    }

    @Test
    void truncatedGifIsReported() throws Exception {
      byte[] file = TestImages.animatedGif(List.of(indexed(14)));
      assertUnreadable(Arrays.copyOf(file, file.length * 3 / 4));
    }

    @Test
    void truncatedBmpIsReported() {
      byte[] file = TestImages.file(TestImages.noise(WIDTH, HEIGHT, 4), "bmp");
      assertUnreadable(Arrays.copyOf(file, file.length / 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {LOSSLESS_WEBP, LOSSY_WEBP})
    void truncatedWebPIsReported(String webP) {
      byte[] file = base64(webP);
      assertUnreadable(Arrays.copyOf(file, file.length / 2));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "ffd8ffe0",
          "89504e470d0a1a0a",
          "474946383961",
          "424d",
          "524946460000000057454250"
        })
    void bareHeaderIsReported(String hex) {
      byte[] file = HexFormat.of().parseHex(hex);
      assertThatThrownBy(() -> decode(file))
          .isInstanceOf(UnreadableImageException.class)
          .message()
          .doesNotContain("null", "{{", "\n");
    }

    @Test
    void pngWithTooManyPixelsIsRejected() throws Exception {
      byte[] file = TestImages.file(TestImages.noise(WIDTH, HEIGHT, 4), "png");
      // IHDR follows the signature: length, type, width, height, 5 bytes more, checksum.
      ByteBuffer.wrap(file).putInt(16, 100_000).putInt(20, 100_000);
      CRC32 crc = new CRC32();
      crc.update(file, 12, 17);
      ByteBuffer.wrap(file).putInt(29, (int) crc.getValue());
      assertUnreadable(file, "100,000 x 100,000 pixels", "200,000,000", "the pixel limit");
    }

    @Test
    void bmpWithTooManyPixelsIsRejected() {
      byte[] file = TestImages.file(TestImages.noise(WIDTH, HEIGHT, 4), "bmp");
      ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(18, 100_000).putInt(22, 100_000);
      assertUnreadable(file, "100,000 x 100,000 pixels");
    }

    @Test
    void gifWithTooManyPixelsIsRejected() {
      byte[] file =
          ByteBuffer.allocate(40)
              .put("GIF89a".getBytes(StandardCharsets.US_ASCII))
              // The screen: width, height, a palette of two colours.
              .put(new byte[] {-1, -1, -1, -1, (byte) 0x80, 0, 0})
              .put(new byte[6])
              // The frame: left, top, width, height, no palette of its own.
              .put(new byte[] {0x2C, 0, 0, 0, 0, -1, -1, -1, -1, 0})
              .array();
      assertUnreadable(file, "65,535 x 65,535 pixels");
    }

    @Test
    void textIsReported() {
      assertUnreadable("not found".getBytes(StandardCharsets.UTF_8), "text");
    }

    @Test
    void decoderIsUsableAfterCorruptImage() throws Exception {
      BufferedImage image = TestImages.noise(WIDTH, HEIGHT, 4);
      byte[] file = TestImages.file(image, "png");
      try (ImageDecoder decoder = new ImageDecoder(new Preprocessing(HEIGHT, WIDTH, 0, 1))) {
        assertThatThrownBy(() -> decoder.decode(Arrays.copyOf(file, 100)))
            .isInstanceOf(UnreadableImageException.class);
        assertThat(decoder.decode(file)).containsExactly(values(image));
      }
    }

    private static void assertUnreadable(byte[] file, String... contained) {
      assertThatThrownBy(() -> decode(file))
          .isInstanceOf(UnreadableImageException.class)
          .satisfies(
              e ->
                  assertThat(contained)
                      .allSatisfy(text -> assertThat(e).hasMessageContaining(text)))
          .message()
          .doesNotContain("null", "{{", "\n");
    }
  }

  private static byte[] base64(String text) {
    return Base64.getDecoder().decode(text);
  }

  /** Inserts a segment at the beginning of a JPEG. */
  private static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
    ByteBuffer file = ByteBuffer.allocate(jpeg.length + 4 + content.length);
    file.put(jpeg, 0, 2).put((byte) 0xFF).put((byte) marker);
    file.putShort((short) (content.length + 2)).put(content);
    return file.put(jpeg, 2, jpeg.length - 2).array();
  }

  /** Inserts a chunk after a PNG's header. */
  private static byte[] withPngChunk(byte[] png, String type, byte[] content) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(content);
    int header = 8 + 12 + 13;
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(png, 0, header);
    file.write(ByteBuffer.allocate(4).putInt(content.length).array());
    file.write(name);
    file.write(content);
    file.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    file.write(png, header, png.length - header);
    return file.toByteArray();
  }

  private static byte[] exifSegment(int orientation) {
    byte[] tiff = tiff(orientation);
    return ByteBuffer.allocate(6 + tiff.length)
        .put("Exif\0\0".getBytes(StandardCharsets.US_ASCII))
        .put(tiff)
        .array();
  }

  /** A big-endian TIFF structure with tag 274 only. */
  private static byte[] tiff(int orientation) {
    return ByteBuffer.allocate(26)
        .put(new byte[] {'M', 'M', 0, 42})
        .putInt(8)
        .putShort((short) 1)
        .putShort((short) 274)
        .putShort((short) 3)
        .putInt(1)
        .putShort((short) orientation)
        .array();
  }
}
