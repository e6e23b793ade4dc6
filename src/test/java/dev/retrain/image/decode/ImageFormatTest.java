package dev.retrain.image.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.image.UnreadableImageException;
import dev.retrain.testing.TestImages;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFormatTest {
  @ParameterizedTest
  @CsvSource({
    "JPEG, ffd8ffe000104a464946",
    "JPEG, ffd8ffdb",
    "JPEG, ffd8ffe1",
    "PNG, 89504e470d0a1a0a0000000d",
    "GIF, 474946383761",
    "GIF, 474946383961",
    "BMP, 424d46000000",
    "WEBP, 524946460000000057454250",
  })
  void formatIsDetectedFromFirstBytes(ImageFormat format, String hex)
      throws UnreadableImageException {
    assertThat(ImageFormat.detect(HexFormat.of().parseHex(hex))).isEqualTo(format);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "gif", "bmp"})
  void filesOfImageIoAreDetected(String format) throws UnreadableImageException {
    byte[] file = TestImages.file(TestImages.gradient(4, 4), format);
    assertThat(ImageFormat.detect(file).name())
        .isEqualToIgnoringCase(format.replace("jpg", "jpeg"));
  }

  @ParameterizedTest
  @CsvSource({
    "TIFF, 49492a0008000000",
    "TIFF, 4d4d002a00000008",
    "HEIC, 000000186674797068656963",
    "AVIF, 0000001c6674797061766966",
    "PDF, 255044462d312e37",
    "unknown content, 0001020304",
    // The first bytes of JPEG, PNG and GIF, truncated.
    "unknown content, ffd8",
    "unknown content, 89504e47",
    "text, 474946",
    // A RIFF file with audio.
    "unknown content, 524946460000000057415645",
  })
  void otherFormatIsReported(String name, String hex) {
    assertRejected(HexFormat.of().parseHex(hex), name);
  }

  @ParameterizedTest
  @CsvSource({
    "text, hello",
    "HTML, <!DOCTYPE html><title>404 Not Found</title>",
    "HTML, <html></html>",
    "SVG, <svg xmlns='http://www.w3.org/2000/svg'/>",
  })
  void savedErrorPageIsReported(String name, String content) {
    assertRejected(content.getBytes(StandardCharsets.UTF_8), name);
  }

  @Test
  void errorPageAfterWhitespaceIsReported() {
    assertRejected("\n\n  <html>".getBytes(StandardCharsets.UTF_8), "HTML");
  }

  @Test
  void emptyFileIsReported() {
    assertThatThrownBy(() -> ImageFormat.detect(new byte[0]))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageContaining("empty");
  }

  private static void assertRejected(byte[] content, String name) {
    assertThatThrownBy(() -> ImageFormat.detect(content))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageContaining(name);
  }
}
