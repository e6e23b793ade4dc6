package dev.retrain.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.image.decode.RgbDecoder;
import dev.retrain.testing.TestImages;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AffineWarperTest {
  private RgbDecoder decoder;
  private AffineWarper warper;

  @BeforeAll
  void open() {
    decoder = new RgbDecoder(PixelLimit.DEFAULT);
    warper = new AffineWarper();
  }

  @AfterAll
  void close() {
    decoder.close();
    warper.close();
  }

  private BufferedImage warped(BufferedImage image, AffineWarp warp)
      throws IOException, UnreadableImageException {
    byte[] png = warper.png(decoder.decode(TestImages.file(image, "png")), warp);
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  private static void assertSame(BufferedImage actual, TestImages.Paint expected) {
    for (int y = 0; y < actual.getHeight(); y++) {
      for (int x = 0; x < actual.getWidth(); x++) {
        assertThat(actual.getRGB(x, y) & 0xFFFFFF)
            .as("column %d, row %d", x, y)
            .isEqualTo(expected.rgb(x, y) & 0xFFFFFF);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"20, 14", "7, 31", "1, 1"})
  void identityKeepsTheImage(int width, int height) throws Exception {
    BufferedImage image = TestImages.noise(width, height, 1);
    BufferedImage warped = warped(image, AffineWarp.NONE);

    assertThat(warped.getWidth()).isEqualTo(width);
    assertThat(warped.getHeight()).isEqualTo(height);
    assertSame(warped, image::getRGB);
  }

  @Test
  void flipExchangesLeftAndRight() throws Exception {
    BufferedImage image = TestImages.noise(20, 14, 2);

    assertSame(
        warped(image, new AffineWarp(0, 0, 0, 0, 1, 1, true)), (x, y) -> image.getRGB(19 - x, y));
  }

  @Test
  void shiftByWholePixelsRepeatsTheEdge() throws Exception {
    BufferedImage image = TestImages.noise(20, 16, 3);

    assertSame(
        warped(image, new AffineWarp(0, 0.25, -0.125, 0, 1, 1, false)),
        (x, y) -> image.getRGB(Math.min(19, x + 5), Math.max(0, y - 2)));
  }

  @Test
  void rotationOfSquareByRightAngleIsExact() throws Exception {
    BufferedImage image = TestImages.noise(15, 15, 4);

    assertSame(
        warped(image, new AffineWarp(90, 0, 0, 0, 1, 1, false)), (x, y) -> image.getRGB(14 - y, x));
  }

  @Test
  void randomWarpEqualsReference() throws Exception {
    Random random = new Random(5);
    for (int i = 0; i < 40; i++) {
      BufferedImage image =
          TestImages.noise(10 + random.nextInt(40), 10 + random.nextInt(40), random.nextLong());
      AffineWarp warp =
          new AffineWarp(
              random.nextDouble(-40, 40),
              random.nextDouble(-0.2, 0.2),
              random.nextDouble(-0.2, 0.2),
              random.nextDouble(-0.2, 0.2),
              random.nextDouble(0.8, 1.2),
              random.nextDouble(0.8, 1.2),
              random.nextBoolean());

      BufferedImage actual = warped(image, warp);

      WarpedPixels expected = new WarpedPixels(image, warp);
      for (int y = 0; y < image.getHeight(); y++) {
        for (int x = 0; x < image.getWidth(); x++) {
          for (int channel = 0; channel < 3; channel++) {
            // Rounding to integers, and the op's float arithmetic.
            assertThat((double) (actual.getRGB(x, y) >> (16 - 8 * channel) & 0xFF))
                .as("%s at column %d, row %d", warp, x, y)
                .isCloseTo(expected.value(x, y, channel), Offset.offset(0.51));
          }
        }
      }
    }
  }

  @Test
  void brightnessIsKept() throws Exception {
    BufferedImage image = TestImages.paint(16, 16, (x, y) -> TestImages.rgb(201, 103, 7));

    assertSame(
        warped(image, new AffineWarp(23, 0.1, 0.13, 0.17, 0.9, 1.1, true)),
        (x, y) -> TestImages.rgb(201, 103, 7));
  }
}
