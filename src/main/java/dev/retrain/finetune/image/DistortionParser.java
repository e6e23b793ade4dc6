package dev.retrain.finetune.image;

import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the text form of {@link ImageDistortions}. */
public final class DistortionParser {
  private ImageDistortions parsed = ImageDistortions.NONE;
  private final Set<DistortionKind> seen = EnumSet.noneOf(DistortionKind.class);

  private DistortionParser() {}

  /**
   * Reads a list: {@code none}, or kinds separated by commas, each with a number unless it is
   * {@link DistortionKind#usual}, such as {@code flip,shift=0.125,randaugment=2,9}.
   *
   * @throws InvalidSettingException if a word is unknown or repeated, or a number out of range
   */
  public static ImageDistortions parse(String text) {
    if (text.strip().equals(ImageDistortions.NO_WORD)) {
      return ImageDistortions.NONE;
    }
    DistortionParser reader = new DistortionParser();
    boolean magnitudeMayFollow = false;
    for (String part : text.split(",", -1)) {
      OptionalDouble magnitude = magnitudeMayFollow ? readNumber(part) : OptionalDouble.empty();
      if (magnitude.isPresent()) {
        reader.parsed = reader.parsed.withMagnitude(magnitude.getAsDouble());
        magnitudeMayFollow = false;
      } else {
        DistortionKind kind = reader.add(part);
        magnitudeMayFollow = kind == DistortionKind.RANDAUGMENT && part.contains("=");
      }
    }
    return reader.parsed;
  }

  private DistortionKind add(String part) {
    int equals = part.indexOf('=');
    String word = (equals < 0 ? part : part.substring(0, equals)).strip();
    DistortionKind kind =
        find(word)
            .orElseThrow(
                () ->
                    invalid(
                        "must be %s or a comma-separated list of %s, but contains '%s'",
                        ImageDistortions.NO_WORD, words(), word));
    if (!seen.add(kind)) {
      throw invalid("must have %s only once", word);
    }
    parsed = parsed.with(kind, equals < 0 ? kind.usual() : number(word, part, equals));
    return kind;
  }

  private static double number(String word, String part, int equals) {
    String number = part.substring(equals + 1).strip();
    return readNumber(number)
        .orElseThrow(() -> invalid("must have a number after %s=, but has '%s'", word, number));
  }

  private static OptionalDouble readNumber(String text) {
    try {
      return OptionalDouble.of(Double.parseDouble(text.strip()));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  private static Optional<DistortionKind> find(String word) {
    return Arrays.stream(DistortionKind.values())
        .filter(kind -> kind.word().equals(word))
        .findAny();
  }

  private static String words() {
    return Arrays.stream(DistortionKind.values())
        .map(DistortionKind::word)
        .collect(Collectors.joining(", "));
  }

  private static InvalidSettingException invalid(String problem, Object... arguments) {
    return new InvalidSettingException(Setting.DISTORTIONS, problem, arguments);
  }
}
