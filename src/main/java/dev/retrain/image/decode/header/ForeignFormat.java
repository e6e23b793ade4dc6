package dev.retrain.image.decode.header;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Names the format of a file that is not supported, and says what to do with it. */
final class ForeignFormat {
  private static final String CONVERT = "; convert it to JPEG or PNG";

  /** Bytes at the beginning of a file, in Latin-1, and the format. */
  private static final Map<String, String> IMAGES = new LinkedHashMap<>();

  private static final Map<String, String> OTHERS = new LinkedHashMap<>();

  static {
    IMAGES.put("8BPS", "a Photoshop document (PSD)");
    IMAGES.put("\0\0\1\0", "an icon (ICO)");
    IMAGES.put("\0\0\2\0", "a cursor (CUR)");
    IMAGES.put("icns", "an icon (ICNS)");
    IMAGES.put("\0\0\0\fJXL ", "JPEG XL");
    IMAGES.put("\u00FF\n", "JPEG XL");
    IMAGES.put("\0\0\0\fjP  ", "JPEG 2000");
    IMAGES.put("\u00FFO\u00FFQ", "JPEG 2000");
    IMAGES.put("II\u00BC\1", "JPEG XR");
    IMAGES.put("II+\0", "BigTIFF");
    IMAGES.put("MM\0+", "BigTIFF");
    IMAGES.put("FUJIFILMCCD-RAW", "a raw camera file (Fujifilm RAF)");
    IMAGES.put("IIU\0", "a raw camera file (Panasonic RW2)");
    IMAGES.put("IIRO", "a raw camera file (Olympus ORF)");
    IMAGES.put("IIRS", "a raw camera file (Olympus ORF)");
    IMAGES.put("MMOR", "a raw camera file (Olympus ORF)");
    IMAGES.put("FOVb", "a raw camera file (Sigma X3F)");
    IMAGES.put("\0MRM", "a raw camera file (Minolta MRW)");
    IMAGES.put("II\u001A\0\0\0HEAPCCDR", "a raw camera file (Canon CRW)");
    IMAGES.put("%!PS", "PostScript (EPS)");
    IMAGES.put("\u00C5\u00D0\u00D3\u00C6", "PostScript (EPS)");
    IMAGES.put("%PDF", "PDF");
    IMAGES.put("gimp xcf", "a GIMP document (XCF)");
    IMAGES.put("v/1\1", "OpenEXR");
    IMAGES.put("#?RADIANCE", "Radiance HDR");
    IMAGES.put("DDS ", "a DirectX texture (DDS)");
    IMAGES.put("qoif", "QOI");
    IMAGES.put("FLIF", "FLIF");
    IMAGES.put("BPG\u00FB", "BPG");
    IMAGES.put("AT&TFORM", "DjVu");
    IMAGES.put("\u008AMNG", "MNG");
    IMAGES.put("\u008BJNG", "JNG");
    IMAGES.put("\u00D7\u00CD\u00C6\u009A", "a Windows metafile (WMF)");
    IMAGES.put("SIMPLE  =", "FITS");
    for (char kind = '1'; kind <= '7'; kind++) {
      IMAGES.put("P" + kind + "\n", "PNM");
    }
    OTHERS.put("\u001AE\u00DF\u00A3", "a video (Matroska or WebM); extract its frames");
    OTHERS.put("\0\0\1\u00BA", "a video (MPEG); extract its frames");
    OTHERS.put("\0\0\1\u00B3", "a video (MPEG); extract its frames");
    OTHERS.put("OggS", "a video or audio file (Ogg); remove it");
    OTHERS.put("0&\u00B2u", "a video (WMV); extract its frames");
    OTHERS.put("PK\3\4", "a ZIP archive; unpack it");
    OTHERS.put("\u001F\u008B", "a gzip file; unpack it");
    OTHERS.put("Rar!", "a RAR archive; unpack it");
    OTHERS.put("7z\u00BC\u00AF", "a 7-Zip archive; unpack it");
    OTHERS.put("\u0093NUMPY", "a NumPy array; save it as an image");
    OTHERS.put("version https://git-lfs", "a Git LFS pointer; run 'git lfs pull'");
    OTHERS.put(
        "\0\5\u0016\7", "an AppleDouble file, which macOS writes beside an image; remove it");
  }

  private ForeignFormat() {}

  /** What a file may be, to complete a sentence. */
  static String describe(byte[] content) {
    Bytes bytes = Bytes.bigEndian(content);
    if (bytes.matches(4, "ftyp")) {
      return "it looks like " + isoMedia(bytes);
    }
    if (bytes.matches(0, "RIFF") && bytes.matches(8, "AVI ")) {
      return "it looks like a video (AVI); extract its frames";
    }
    if (bytes.matches(128, "DICM")) {
      return "it looks like DICOM" + CONVERT;
    }
    for (Map.Entry<String, String> format : IMAGES.entrySet()) {
      if (bytes.matches(0, format.getKey())) {
        return "it looks like " + format.getValue() + CONVERT;
      }
    }
    for (Map.Entry<String, String> format : OTHERS.entrySet()) {
      if (bytes.matches(0, format.getKey())) {
        return "it looks like " + format.getValue();
      }
    }
    return text(bytes);
  }

  /** ISO/IEC 14496-12, 4.3: the major brand, a version, and compatible brands. */
  private static String isoMedia(Bytes bytes) {
    byte[] box = bytes.range(8, 64);
    String brands = new String(box, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    if (brands.startsWith("crx")) {
      return "a raw camera file (Canon CR3)" + CONVERT;
    }
    if (brands.contains("avif") || brands.contains("avis")) {
      return "AVIF" + CONVERT;
    }
    List<String> heif = List.of("heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1");
    return heif.stream().anyMatch(brands::startsWith)
        ? "HEIC" + CONVERT
        : "a video (MP4 or QuickTime); extract its frames";
  }

  private static String text(Bytes bytes) {
    byte[] head = bytes.range(0, 4096);
    String text = new String(head, StandardCharsets.UTF_8).replace("\uFEFF", "").strip();
    if (head[0] == 0
        && new String(head, StandardCharsets.ISO_8859_1).chars().allMatch(c -> c == 0)) {
      return "it begins with zeros only; it may be damaged";
    }
    if (text.startsWith("<")) {
      return text.contains("<svg") || text.contains(":svg")
          ? "it looks like SVG" + CONVERT
          : "it looks like HTML or XML, perhaps a saved error page";
    }
    return text.chars().limit(64).allMatch(c -> (c >= ' ' && c < 127) || Character.isWhitespace(c))
        ? "it looks like text"
        : "unknown content";
  }
}
