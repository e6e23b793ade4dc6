package dev.retrain.image.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.image.PixelLimit;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.testing.TestImages;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class SpriteSheetTest {
  private static final int WHITE = 0xFFFFFF;
  private static final int SIDE = 20;

  private static byte[] plain(int width, int height, int rgb) {
    return TestImages.file(TestImages.paint(width, height, (x, y) -> rgb), "png");
  }

  private static BufferedImage read(SpriteSheet sheet) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(sheet.png()));
  }

  private static int rgb(BufferedImage sheet, int x, int y) {
    return sheet.getRGB(x, y) & 0xFFFFFF;
  }

  @Test
  void concurrentlyPutImagesAreRowByRow() throws IOException {
    List<Integer> colours = List.of(0xFF0000, 0x00FF00, 0x0000FF, 0x123456, 0x654321);
    try (SpriteSheet sheet = new SpriteSheet(colours.size(), SIDE, PixelLimit.DEFAULT)) {
      IntStream.range(0, colours.size())
          .parallel()
          .forEach(
              i -> {
                try {
                  sheet.put(i, plain(32, 32, colours.get(i)));
                } catch (UnreadableImageException e) {
                  throw new AssertionError(e);
                }
              });
      BufferedImage image = read(sheet);
      assertThat(image.getWidth()).isEqualTo(sheet.size()).isEqualTo(3 * SIDE);
      assertThat(image.getHeight()).isEqualTo(3 * SIDE);
      for (int y = 0; y < 3 * SIDE; y++) {
        for (int x = 0; x < 3 * SIDE; x++) {
          int index = y / SIDE * 3 + x / SIDE;
          int expected = index < colours.size() ? colours.get(index) : WHITE;
          assertThat(rgb(image, x, y)).as("%d, %d", x, y).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void imageKeepsItsAspectRatio() throws IOException, UnreadableImageException {
    try (SpriteSheet sheet = new SpriteSheet(2, SIDE, PixelLimit.DEFAULT)) {
      sheet.put(0, plain(200, 100, 0xFF0000));
      sheet.put(1, plain(3, 30, 0x0000FF));
      BufferedImage image = read(sheet);
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          // 20 x 10 in the centre, and 2 x 20.
          assertThat(rgb(image, x, y)).isEqualTo(y >= 5 && y < 15 ? 0xFF0000 : WHITE);
          assertThat(rgb(image, SIDE + x, y)).isEqualTo(x == 9 || x == 10 ? 0x0000FF : WHITE);
        }
      }
    }
  }

  @Test
  void squareOfUnreadableImageIsWhite() throws IOException {
    try (SpriteSheet sheet = new SpriteSheet(1, SIDE, PixelLimit.DEFAULT)) {
      assertThatThrownBy(() -> sheet.put(0, "no image".getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(UnreadableImageException.class);
      assertThat(rgb(read(sheet), 10, 10)).isEqualTo(WHITE);
    }
  }
}
