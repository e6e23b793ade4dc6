package dev.retrain.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A quantity, measured several times.
 *
 * @param values what was measured, in order; empty where nothing was
 * @param missing why there is nothing; absent where there is something
 */
public record Figure(List<Double> values, Optional<String> missing) {
  /** Copies the list. */
  public Figure {
    values = List.copyOf(values);
    if (values.isEmpty() != missing.isPresent()) {
      throw new IllegalArgumentException("either values or the reason why there are none");
    }
  }

  /** What was measured, at least one value. */
  static Figure of(List<Double> values) {
    return new Figure(values, Optional.empty());
  }

  /** What could not be measured. */
  static Figure missing(String reason) {
    return new Figure(List.of(), Optional.of(reason));
  }

  /** Whether it was measured. */
  boolean isThere() {
    return missing.isEmpty();
  }

  /** The middle value, or the mean of the middle two; only where there is one. */
  double median() {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  double min() {
    return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  double max() {
    return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  /** A number with three digits that count. */
  static String digits(double value) {
    double size = Math.abs(value);
    String format =
        size >= 100
            ? "%,.0f"
            : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : size >= 0.01 ? "%.3f" : "%.1e";
    return String.format(Locale.ROOT, format, value);
  }

  /** The median with the lowest and highest value, or why there is none. */
  @Override
  public String toString() {
    if (missing.isPresent()) {
      return missing.get();
    }
    return values.size() == 1
        ? digits(median())
        : "%s (%s to %s)".formatted(digits(median()), digits(min()), digits(max()));
  }
}
