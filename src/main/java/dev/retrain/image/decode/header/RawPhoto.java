package dev.retrain.image.decode.header;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Recognizes the raw camera files whose container is TIFF. Their first directory is often a small
 * preview, which must not be used as the image.
 */
final class RawPhoto {
  private static final int PHOTOMETRIC = 262;
  private static final int MAKE = 271;
  private static final int SUB_DIRECTORIES = 330;
  private static final int CFA_PATTERN = 33422;
  private static final int DNG_VERSION = 50706;

  /** Photometric interpretations of sensor data: CFA and LinearRaw. */
  private static final List<Long> SENSOR = List.of(32803L, 34892L);

  /** More directories than cameras write; a loop of directories ends here. */
  private static final int MAX_DIRECTORIES = 32;

  private static final Map<String, String> BY_MAKE =
      Map.of(
          "nikon", "Nikon NEF",
          "sony", "Sony ARW",
          "pentax", "Pentax PEF",
          "samsung", "Samsung SRW",
          "hasselblad", "Hasselblad 3FR",
          "phase one", "Phase One IIQ",
          "canon", "Canon CR2");

  private RawPhoto() {}

  /** The kind of a TIFF file that is a raw camera file, to complete a sentence. */
  static Optional<String> name(byte[] content) {
    if (Bytes.bigEndian(content).matches(8, "CR\2")) {
      return Optional.of("raw camera file (Canon CR2)");
    }
    Bytes bytes = TiffDirectory.bytes(content);
    Deque<Long> open = new ArrayDeque<>(List.of(bytes.u32(4)));
    String make = "";
    for (int visited = 0; !open.isEmpty() && visited < MAX_DIRECTORIES; visited++) {
      Optional<TiffEntries> read = TiffEntries.read(bytes, open.remove());
      if (read.isEmpty()) {
        continue;
      }
      TiffEntries entries = read.get();
      make = make.isEmpty() ? entries.text(MAKE).toLowerCase(Locale.ROOT) : make;
      if (entries.has(DNG_VERSION)) {
        return Optional.of("raw camera file (DNG)");
      }
      if (SENSOR.contains(entries.value(PHOTOMETRIC, 0)) || entries.has(CFA_PATTERN)) {
        return Optional.of("raw camera file" + kind(make));
      }
      for (long i = 0; i < Math.min(MAX_DIRECTORIES, entries.count(SUB_DIRECTORIES)); i++) {
        open.add(entries.value(SUB_DIRECTORIES, i, 0));
      }
      open.add(entries.next());
    }
    return Optional.empty();
  }

  private static String kind(String make) {
    return BY_MAKE.entrySet().stream()
        .filter(known -> make.startsWith(known.getKey()))
        .map(known -> " (" + known.getValue() + ")")
        .findFirst()
        .orElse("");
  }
}
