package dev.retrain.dataset.listing;

import dev.retrain.util.RetrainException;
import dev.retrain.util.io.NameEncoding;
import dev.retrain.util.text.TerminalText;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The names of class folders, which become labels. */
public final class ClassNames {
  private ClassNames() {}

  /**
   * The label of a class folder: its name.
   *
   * @throws RetrainException if the name has a control character, because the labels file has one
   *     line per class, or bytes that Java can't decode, so that different folders could have the
   *     same label
   */
  public static String label(Path folder) {
    String label = folder.getFileName().toString();
    if (!isRepresentable(label)) {
      throw new RetrainException(
          "The name of the class folder '%s' contains a control character or a line break, which a"
              + " labels file can't represent; rename the folder.",
          TerminalText.escape(label));
    }
    if (NameEncoding.isLossy(folder.getFileName())) {
      String what = "The name of the class folder '%s' (percent-encoded)";
      String name = NameEncoding.percentEncoded(folder);
      throw NameEncoding.isUnicode()
          ? new RetrainException(what + " is not valid UTF-8; rename the folder.", name)
          : new RetrainException(
              what + " can't be represented: " + NameEncoding.remedy() + ".", name);
    }
    return label;
  }

  /**
   * Readers of a labels file, such as Python's splitlines, treat U+2028 and U+2029 as line ends.
   */
  private static boolean isControl(int c) {
    return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
  }

  /**
   * Two labels that most probably are one class.
   *
   * @param one the label that comes first
   * @param other the other label
   * @param difference what they differ by
   */
  public record Similar(String one, String other, String difference) {}

  /**
   * A sentence for each label that differs from an earlier one only by case, by the composition of
   * its accents or by invisible characters: most probably the folders are one class.
   */
  public static List<String> similar(List<String> labels) {
    return similarPairs(labels).stream()
        .map(
            pair ->
                String.format(
                    Locale.ROOT,
                    "The class folders '%s' and '%s' differ only by %s; they are two classes. If they"
                        + " are one class, merge the folders.",
                    pair.one(),
                    pair.other(),
                    pair.difference()))
        .toList();
  }

  /**
   * The labels that differ from an earlier one only by case, by the composition of its accents or
   * by invisible characters.
   */
  public static List<Similar> similarPairs(List<String> labels) {
    Map<String, String> seen = new LinkedHashMap<>();
    List<Similar> pairs = new ArrayList<>();
    for (String label : labels) {
      String other = seen.putIfAbsent(folded(label), label);
      if (other != null) {
        pairs.add(new Similar(other, label, difference(other, label)));
      }
    }
    return pairs;
  }

  /** Whether a labels file can represent a label: whether it has no control character. */
  public static boolean isRepresentable(String label) {
    return label.codePoints().noneMatch(ClassNames::isControl);
  }

  private static String difference(String one, String other) {
    if (one.equalsIgnoreCase(other)) {
      return "case";
    }
    boolean composed =
        Normalizer.normalize(one, Normalizer.Form.NFC)
            .equalsIgnoreCase(Normalizer.normalize(other, Normalizer.Form.NFC));
    return composed ? "Unicode normalization (NFC and NFD)" : "invisible or compatible characters";
  }

  /** Equal for labels that look the same. */
  private static String folded(String label) {
    return Normalizer.normalize(label, Normalizer.Form.NFKC)
        .replaceAll("\\p{Cf}", "")
        .strip()
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }
}
