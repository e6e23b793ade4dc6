package dev.retrain.image.decode;

import dev.retrain.image.UnreadableImageException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The supported image formats, detected from the first bytes of a file. */
enum ImageFormat {
  JPEG,
  PNG,
  GIF,
  BMP,
  WEBP;

  /**
   * Detects the format of a file.
   *
   * @param content the file's bytes
   * @throws UnreadableImageException if it is another format; the message says which one it may be
   */
  static ImageFormat detect(byte[] content) throws UnreadableImageException {
    if (content.length == 0) {
      throw new UnreadableImageException("the file is empty");
    }
    if (startsWith(content, 0, 0xFF, 0xD8, 0xFF)) {
      return JPEG;
    }
    if (startsWith(content, 0, 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A)) {
      return PNG;
    }
    if (startsWith(content, 0, 'G', 'I', 'F', '8')) {
      return GIF;
    }
    if (startsWith(content, 0, 'B', 'M')) {
      return BMP;
    }
    if (startsWith(content, 0, 'R', 'I', 'F', 'F') && startsWith(content, 8, 'W', 'E', 'B', 'P')) {
      return WEBP;
    }
    throw new UnreadableImageException(
        "not a JPEG, PNG, GIF, BMP or WebP image (%s)".formatted(guess(content)));
  }

  private static String guess(byte[] content) {
    if (startsWith(content, 0, 'I', 'I', 0x2A, 0) || startsWith(content, 0, 'M', 'M', 0, 0x2A)) {
      return "it looks like TIFF; convert it";
    }
    if (startsWith(content, 4, 'f', 't', 'y', 'p')) {
      return "it looks like HEIC, AVIF or a video; convert it";
    }
    if (startsWith(content, 0, '%', 'P', 'D', 'F')) {
      return "it looks like PDF";
    }
    byte[] head = Arrays.copyOf(content, Math.min(content.length, 64));
    String text = new String(head, StandardCharsets.US_ASCII).strip();
    if (text.startsWith("<") && text.contains("svg")) {
      return "it looks like SVG; convert it";
    }
    if (text.startsWith("<")) {
      return "it looks like HTML or XML, perhaps a saved error page";
    }
    return text.chars().allMatch(c -> (c >= ' ' && c < 127) || Character.isWhitespace(c))
        ? "it looks like text"
        : "unknown content";
  }

  private static boolean startsWith(byte[] content, int at, int... bytes) {
    if (content.length < at + bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if ((content[at + i] & 0xFF) != bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
