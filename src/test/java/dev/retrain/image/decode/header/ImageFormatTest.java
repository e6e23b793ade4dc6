package dev.retrain.image.decode.header;

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
    "TIFF, 49492a0008000000",
    "TIFF, 4d4d002a00000008",
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
  @CsvSource(
      delimiter = '|',
      value = {
        "HEIC; convert it                    | 000000186674797068656963",
        "HEIC; convert it                    | 00000018667479706d69663100000000",
        "AVIF; convert it                    | 0000001c6674797061766966",
        "AVIF; convert it                    | 0000001c667479706d696631000000006d69663161766966",
        "raw camera file (Canon CR3)         | 000000186674797063727820",
        "a video (MP4 or QuickTime)          | 000000186674797069736f6d",
        "a video (MP4 or QuickTime)          | 000000146674797071742020",
        "a video (AVI)                       | 524946460000000041564920",
        "a video (Matroska or WebM)          | 1a45dfa301000000",
        "a video (MPEG)                      | 000001ba44000400",
        "a video (WMV)                       | 3026b2758e66cf11",
        "a video or audio file (Ogg)         | 4f67675300020000",
        "a Photoshop document (PSD)          | 384250530001",
        "an icon (ICO)                       | 000001000100",
        "a cursor (CUR)                      | 000002000100",
        "an icon (ICNS)                      | 69636e7300000000",
        "JPEG XL; convert it                 | ff0afa7f0190",
        "JPEG XL; convert it                 | 0000000c4a584c200d0a870a",
        "JPEG 2000; convert it               | 0000000c6a5020200d0a870a",
        "JPEG 2000; convert it               | ff4fff51002f",
        "JPEG XR; convert it                 | 4949bc0108000000",
        "BigTIFF; convert it                 | 49492b0008000000",
        "BigTIFF; convert it                 | 4d4d002b00080000",
        "raw camera file (Fujifilm RAF)      | 46554a4946494c4d4343442d524157",
        "raw camera file (Panasonic RW2)     | 4949550008000000",
        "raw camera file (Olympus ORF)       | 4949524f08000000",
        "raw camera file (Olympus ORF)       | 4949525308000000",
        "raw camera file (Sigma X3F)         | 464f566200000200",
        "raw camera file (Minolta MRW)       | 004d524d00000000",
        "raw camera file (Canon CRW)         | 49491a00000048454150434344520200",
        "raw camera file (Canon CR2)         | 49492a001000000043520200",
        "PostScript (EPS); convert it        | 252150532d41646f62652d332e30",
        "PostScript (EPS); convert it        | c5d0d3c620000000",
        "PDF; convert it                     | 255044462d312e37",
        "a GIMP document (XCF)               | 67696d702078636620763031",
        "OpenEXR; convert it                 | 762f310102000000",
        "Radiance HDR; convert it            | 233f52414449414e43450a",
        "a DirectX texture (DDS)             | 444453207c000000",
        "QOI; convert it                     | 716f696600000010",
        "PNM; convert it                     | 50360a3120310a3235350a000000",
        "DjVu; convert it                    | 41542654464f524d",
        "FITS; convert it                    | 53494d504c4520203d",
        "a ZIP archive; unpack it            | 504b030414000000",
        "a gzip file; unpack it              | 1f8b080000000000",
        "a RAR archive; unpack it            | 526172211a0700",
        "a 7-Zip archive; unpack it          | 377abcaf271c",
        "a NumPy array; save it as an image  | 934e554d5059",
        "an AppleDouble file                 | 0005160700020000",
        "zeros only; it may be damaged       | 0000000000000000",
        "unknown content                     | 0001020304",
        // The first bytes of JPEG, PNG and GIF, truncated.
        "unknown content                     | ffd8",
        "unknown content                     | 89504e47",
        "text                                | 474946",
        // A RIFF file with audio.
        "unknown content                     | 524946460000000057415645",
      })
  void otherFormatIsReported(String name, String hex) {
    assertRejected(HexFormat.of().parseHex(hex), name);
  }

  @ParameterizedTest
  @CsvSource({
    "text, hello",
    "HTML, <!DOCTYPE html><title>404 Not Found</title>",
    "HTML, <html></html>",
    "SVG; convert it, <svg xmlns='http://www.w3.org/2000/svg'/>",
    "SVG; convert it, <?xml version='1.0'?><!-- Generator: a long comment before it --><svg/>",
    "SVG; convert it, \uFEFF<?xml version='1.0'?><!DOCTYPE svg PUBLIC ''><s:svg xmlns:s='x'/>",
    "Git LFS pointer, version https://git-lfs.github.com/spec/v1",
  })
  void textFileIsReported(String name, String content) {
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
