package dev.retrain.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A quantity, measured several times.
 *
 * @param values the measured values, in order; empty if there are none
 * @param missing why there are no values; absent if there are some
 */
public record Figure(List<Double> values, Optional<String> missing) {
  public Figure {
    values = List.copyOf(values);
    if (values.isEmpty() != missing.isPresent()) {
      throw new IllegalArgumentException("give either values or the reason for their absence");
    }
  }

  /** Creates a figure of at least one value. */
  static Figure of(List<Double> values) {
    return new Figure(values, Optional.empty());
  }

  /** Creates a figure that could not be measured. */
  static Figure missing(String reason) {
    return new Figure(List.of(), Optional.of(reason));
  }

  boolean isMeasured() {
    return missing.isEmpty();
  }

  /** The median; fails if there are no values. */
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

  /** Formats a number with three significant digits. */
  static String digits(double value) {
    double size = Math.abs(value);
    String format =
        size >= 100
            ? "%,.0f"
            : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : size >= 0.01 ? "%.3f" : "%.1e";
    return String.format(Locale.ROOT, format, value);
  }

  /** The median with the lowest and highest value, or why it is missing. */
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
