package dev.retrain.image.decode.header;

import com.drew.imaging.jpeg.JpegSegmentType;
import com.drew.lang.ByteArrayReader;
import com.drew.metadata.Directory;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import java.util.Arrays;
import java.util.List;

/** The orientation in EXIF metadata; 1, as stored, if the metadata is missing or corrupt. */
final class Exif {
  private static final String PREAMBLE = ExifReader.JPEG_SEGMENT_PREAMBLE;

  private Exif() {}

  /** The orientation in the APP1 segments of a JPEG file. */
  static int orientation(List<byte[]> segments) {
    Metadata metadata = new Metadata();
    try {
      new ExifReader().readJpegSegments(segments, metadata, JpegSegmentType.APP1);
    } catch (RuntimeException e) {
      return 1;
    }
    return orientation(metadata);
  }

  /** The orientation in a TIFF structure, which may follow the preamble of a JPEG segment. */
  static int orientation(byte[] tiff) {
    Metadata metadata = new Metadata();
    byte[] structure =
        ExifReader.startsWithJpegExifPreamble(tiff)
            ? Arrays.copyOfRange(tiff, PREAMBLE.length(), tiff.length)
            : tiff;
    try {
      new ExifReader().extract(new ByteArrayReader(structure), metadata);
    } catch (RuntimeException e) {
      return 1;
    }
    return orientation(metadata);
  }

  private static int orientation(Metadata metadata) {
    Directory exif = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
    Integer value = exif == null ? null : exif.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
    return valid(value == null ? 1 : value);
  }

  /** The orientation itself if it is defined, otherwise 1. */
  static int valid(int orientation) {
    return orientation < 1 || orientation > 8 ? 1 : orientation;
  }
}
