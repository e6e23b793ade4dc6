package dev.retrain.image.decode;

import com.drew.imaging.ImageProcessingException;
import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.jpeg.JpegSegmentMetadataReader;
import com.drew.imaging.png.PngMetadataReader;
import com.drew.imaging.webp.WebpMetadataReader;
import com.drew.metadata.Directory;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import com.drew.metadata.jpeg.JpegDirectory;
import com.drew.metadata.jpeg.JpegReader;
import com.drew.metadata.png.PngDirectory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Properties from the header of an image file, which are read before its pixels are decoded.
 *
 * @param pixels width times height, or -1 if unknown
 * @param orientation EXIF orientation, 1 (as stored) to 8
 */
record ImageHeader(long pixels, int orientation) {
  private static final List<JpegSegmentMetadataReader> JPEG_READERS =
      List.of(new JpegReader(), new ExifReader());

  private static final ImageHeader UNKNOWN = new ImageHeader(-1, 1);

  /** Reads a header. Corrupt metadata is ignored; the decoder reports a corrupt image. */
  static ImageHeader read(ImageFormat format, byte[] content) {
    try (InputStream in = new ByteArrayInputStream(content)) {
      return switch (format) {
        case JPEG -> from(JpegMetadataReader.readMetadata(in, JPEG_READERS));
        case PNG -> from(PngMetadataReader.readMetadata(in));
        case WEBP -> from(WebpMetadataReader.readMetadata(in));
        case GIF, BMP -> UNKNOWN;
      };
    } catch (ImageProcessingException | IOException | RuntimeException e) {
      return UNKNOWN;
    }
  }

  private static ImageHeader from(Metadata metadata) {
    return new ImageHeader(pixels(metadata), orientation(metadata));
  }

  private static long pixels(Metadata metadata) {
    long pixels =
        product(
            metadata.getFirstDirectoryOfType(JpegDirectory.class),
            JpegDirectory.TAG_IMAGE_WIDTH,
            JpegDirectory.TAG_IMAGE_HEIGHT);
    return pixels >= 0
        ? pixels
        : product(
            metadata.getFirstDirectoryOfType(PngDirectory.class),
            PngDirectory.TAG_IMAGE_WIDTH,
            PngDirectory.TAG_IMAGE_HEIGHT);
  }

  private static long product(Directory directory, int width, int height) {
    if (directory == null
        || directory.getLongObject(width) == null
        || directory.getLongObject(height) == null) {
      return -1;
    }
    return directory.getLongObject(width) * directory.getLongObject(height);
  }

  private static int orientation(Metadata metadata) {
    Directory exif = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
    Integer value = exif == null ? null : exif.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
    return value == null || value < 1 || value > 8 ? 1 : value;
  }
}
