package dev.retrain.finetune.image;

import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** The text form of {@link ImageDistortions}. */
final class DistortionText {
  private static final String NONE = "none";

  private ImageDistortions parsed = ImageDistortions.NONE;
  private final Set<DistortionKind> seen = EnumSet.noneOf(DistortionKind.class);

  private DistortionText() {}

  static ImageDistortions parse(String text) {
    if (text.strip().equals(NONE)) {
      return ImageDistortions.NONE;
    }
    DistortionText reader = new DistortionText();
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
                        "must be %s or words of the list %s, separated by commas, but has '%s'",
                        NONE, words(), word));
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

  static String format(ImageDistortions distortions) {
    StringJoiner parts = new StringJoiner(",");
    parts.setEmptyValue(NONE);
    for (DistortionKind kind : DistortionKind.values()) {
      if (kind == DistortionKind.FLIP && distortions.has(kind)) {
        parts.add(kind.word());
      } else if (distortions.has(kind)) {
        parts.add(kind.word() + "=" + number(distortions.value(kind)));
      }
    }
    if (distortions.has(DistortionKind.RANDAUGMENT)) {
      parts.add(number(distortions.magnitude()));
    }
    return parts.toString();
  }

  /** Without decimals if it is an integer. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
