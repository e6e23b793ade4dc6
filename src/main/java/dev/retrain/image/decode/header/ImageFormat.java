package dev.retrain.image.decode.header;

import dev.retrain.image.UnreadableImageException;
import java.util.Optional;

/** The supported image formats, detected from the first bytes of a file. */
public enum ImageFormat {
  JPEG("\u00FF\u00D8\u00FF"),
  PNG("\u0089PNG\r\n\u001A\n"),
  GIF("GIF8"),
  BMP("BM"),
  WEBP("RIFF"),
  TIFF("");

  private final String start;

  ImageFormat(String start) {
    this.start = start;
  }

  /**
   * Detects the format of a file.
   *
   * @param content the file's bytes
   * @throws UnreadableImageException if it is another format; the message says which one it may be
   */
  public static ImageFormat detect(byte[] content) throws UnreadableImageException {
    if (content.length == 0) {
      throw new UnreadableImageException("the file is empty");
    }
    Bytes bytes = Bytes.bigEndian(content);
    Optional<String> raw = TiffDirectory.isTiff(bytes) ? RawPhoto.name(content) : Optional.empty();
    if (raw.isPresent()) {
      throw unsupported("it is a %s; convert it to JPEG, PNG or TIFF".formatted(raw.get()));
    }
    for (ImageFormat format : values()) {
      if (format.matches(bytes)) {
        return format;
      }
    }
    throw unsupported(ForeignFormat.describe(content));
  }

  /** The format's usual spelling, such as {@code WebP}. */
  public String title() {
    return this == WEBP ? "WebP" : name();
  }

  private boolean matches(Bytes bytes) {
    return switch (this) {
      case WEBP -> bytes.matches(0, start) && bytes.matches(8, "WEBP");
      case TIFF -> TiffDirectory.isTiff(bytes);
      case JPEG, PNG, GIF, BMP -> bytes.matches(0, start);
    };
  }

  private static UnreadableImageException unsupported(String description) {
    return new UnreadableImageException(
        "not a JPEG, PNG, GIF, BMP, WebP or TIFF image (%s)".formatted(description));
  }
}
