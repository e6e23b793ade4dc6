package dev.retrain.image.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.image.PixelLimit;
import dev.retrain.image.RgbImage;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.testing.TestImages;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.types.TUint8;

/** The pixels; {@link ImageDecoderTest} tests the shared decoding. */
class RgbDecoderTest {
  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "gif"})
  void pixelsAreThoseOfTheImage(String format) throws UnreadableImageException {
    // Few colours, so that GIF keeps them.
    BufferedImage image = TestImages.paint(9, 5, (x, y) -> TestImages.rgb(20 * x, 40 * y, 200));
    try (RgbDecoder decoder = new RgbDecoder(PixelLimit.DEFAULT)) {
      RgbImage pixels = decoder.decode(TestImages.file(image, format));

      assertThat(pixels.height()).isEqualTo(5);
      assertThat(pixels.width()).isEqualTo(9);
      try (TUint8 tensor = pixels.tensor()) {
        for (int y = 0; y < 5; y++) {
          for (int x = 0; x < 9; x++) {
            assertThat(tensor.getByte(y, x, 0) & 0xFF).isEqualTo(20 * x);
            assertThat(tensor.getByte(y, x, 1) & 0xFF).isEqualTo(40 * y);
            assertThat(tensor.getByte(y, x, 2) & 0xFF).isEqualTo(200);
          }
        }
      }
    }
  }

  @Test
  void fileThatIsNotAnImageIsReported() {
    try (RgbDecoder decoder = new RgbDecoder(PixelLimit.DEFAULT)) {
      assertThatThrownBy(() -> decoder.decode("hello".getBytes(StandardCharsets.US_ASCII)))
          .isInstanceOf(UnreadableImageException.class);
    }
  }
}
