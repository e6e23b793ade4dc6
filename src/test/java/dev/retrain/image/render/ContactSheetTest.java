package dev.retrain.image.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.image.AffineWarp;
import dev.retrain.image.AffineWarper;
import dev.retrain.image.PixelLimit;
import dev.retrain.image.RgbImage;
import dev.retrain.image.decode.RgbDecoder;
import dev.retrain.testing.TestImages;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
  private static final int GAP = 4;

  private static BufferedImage read(byte[] png) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  private static List<AffineWarp> warps() {
    return IntStream.rangeClosed(1, ContactSheet.VARIANTS)
        .mapToObj(n -> new AffineWarp(3 * n, 0.01 * n, -0.01 * n, 0, 1, 1 + 0.01 * n, n % 2 == 0))
        .toList();
  }

  @Test
  void imageIsFollowedByEnlargedVariants() throws Exception {
    try (RgbDecoder decoder = new RgbDecoder(PixelLimit.DEFAULT);
        AffineWarper warper = new AffineWarper()) {
      RgbImage image = decoder.decode(TestImages.file(TestImages.noise(32, 16, 1), "png"));

      BufferedImage sheet = read(ContactSheet.png(image, warps()));

      // Enlarged by 4 to 128 x 64.
      assertThat(sheet.getWidth()).isEqualTo(GAP + 5 * (128 + GAP));
      assertThat(sheet.getHeight()).isEqualTo(GAP + 5 * (64 + GAP));
      for (int n = 0; n <= ContactSheet.VARIANTS; n++) {
        AffineWarp warp = n == 0 ? AffineWarp.NONE : warps().get(n - 1);
        BufferedImage copy = read(warper.png(image, warp));
        for (int y = -GAP; y < 64 + GAP; y++) {
          for (int x = -GAP; x < 128 + GAP; x++) {
            boolean inside = x >= 0 && x < 128 && y >= 0 && y < 64;
            int expected = inside ? copy.getRGB(x / 4, y / 4) : 0xFFFFFFFF;
            int left = GAP + n % 5 * (128 + GAP);
            int top = GAP + n / 5 * (64 + GAP);
            assertThat(sheet.getRGB(left + x, top + y))
                .as("%d: %d, %d", n, x, y)
                .isEqualTo(expected);
          }
        }
      }
    }
  }

  @Test
  void largeImageIsShrunk() throws Exception {
    try (RgbDecoder decoder = new RgbDecoder(PixelLimit.DEFAULT)) {
      BufferedImage sheet =
          read(
              ContactSheet.png(
                  decoder.decode(TestImages.file(TestImages.gradient(300, 600), "png")), warps()));

      assertThat(sheet.getWidth()).isEqualTo(GAP + 5 * (96 + GAP));
      assertThat(sheet.getHeight()).isEqualTo(GAP + 5 * (192 + GAP));
    }
  }

  @Test
  void otherNumberOfWarpsIsRejected() throws Exception {
    try (RgbDecoder decoder = new RgbDecoder(PixelLimit.DEFAULT)) {
      RgbImage image = decoder.decode(TestImages.file(TestImages.noise(8, 8, 1), "png"));
      assertThatThrownBy(() -> ContactSheet.png(image, List.of(AffineWarp.NONE)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("24");
    }
  }
}
