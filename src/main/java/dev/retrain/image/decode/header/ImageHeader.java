package dev.retrain.image.decode.header;

/**
 * The size of an image, from its header.
 *
 * @param width number of columns as stored, or -1 if unknown
 * @param height number of rows as stored, or -1 if unknown
 * @param orientation EXIF orientation, 1 (as stored) to 8
 */
public record ImageHeader(long width, long height, int orientation) {
  /** Width times height, or -1 if unknown. */
  public long pixels() {
    return width < 0 || height < 0 ? -1 : width * height;
  }
}
