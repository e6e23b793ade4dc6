package dev.retrain.image.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retrain.image.PixelLimit;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.testing.TestImages;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThumbnailerTest {
  private static final Thumbnailer THUMBNAILER = new Thumbnailer(PixelLimit.DEFAULT);

  @AfterAll
  static void close() {
    THUMBNAILER.close();
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 500, 96, 48",
    "300, 900, 32, 96",
    "96, 96, 96, 96",
    "32, 24, 32, 24",
    "1, 1, 1, 1",
    "2000, 3, 96, 1"
  })
  void longerSideIsLimited(int width, int height, int smallWidth, int smallHeight)
      throws Exception {
    BufferedImage small = thumbnail(TestImages.file(TestImages.gradient(width, height), "png"));

    assertThat(small.getWidth()).isEqualTo(smallWidth);
    assertThat(small.getHeight()).isEqualTo(smallHeight);
  }

  @ParameterizedTest
  @CsvSource({"png", "jpg", "bmp", "gif"})
  void thumbnailShowsTheImage(String format) throws Exception {
    // Red at the left, blue at the right.
    BufferedImage image =
        TestImages.paint(
            400,
            200,
            (x, y) -> x < 200 ? TestImages.rgb(200, 20, 20) : TestImages.rgb(20, 20, 200));

    BufferedImage small = thumbnail(TestImages.file(image, format));

    assertColour(small, 20, 24, 200, 20, 20);
    assertColour(small, 75, 24, 20, 20, 200);
  }

  @Test
  void fileThatIsNotAnImageIsReported() {
    assertThatThrownBy(() -> THUMBNAILER.jpeg("hello".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(UnreadableImageException.class);
  }

  private static BufferedImage thumbnail(byte[] content)
      throws IOException, UnreadableImageException {
    return ImageIO.read(new ByteArrayInputStream(THUMBNAILER.jpeg(content)));
  }

  private static void assertColour(
      BufferedImage image, int x, int y, int red, int green, int blue) {
    Color colour = new Color(image.getRGB(x, y));
    assertThat(colour.getRed()).isCloseTo(red, within(12));
    assertThat(colour.getGreen()).isCloseTo(green, within(12));
    assertThat(colour.getBlue()).isCloseTo(blue, within(12));
  }
}
