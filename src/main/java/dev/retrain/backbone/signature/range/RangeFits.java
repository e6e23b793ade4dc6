package dev.retrain.backbone.signature.range;

import dev.retrain.backbone.signature.range.BatchNormProbe.Fit;
import dev.retrain.image.Normalization;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How well normalizations fit the first batch normalization of a network.
 *
 * @param list a fit for each normalization; empty if the network or the images don't say it
 * @param images number of images they were measured on
 */
record RangeFits(List<Fit> list, int images) {
  static final RangeFits NONE = new RangeFits(List.of(), 0);

  // On networks of known range, the right one gives 0.5 to 1.1; neighbors differ by 4 or more.
  private static final double MIN_RATIO = 0.4;
  private static final double MAX_RATIO = 1.8;
  private static final double USUAL_RATIO = 0.8;

  /** A range is contradicted only by a ratio that no network of known range has. */
  private static final double MIN_PLAUSIBLE = 0.34;

  private static final double MAX_PLAUSIBLE = 2.6;

  /** Subtracting a mean that was not subtracted in training moves the means much further. */
  private static final double CLEARLY_NEARER = 0.5;

  RangeFits {
    list = List.copyOf(list);
  }

  /**
   * The best fit.
   *
   * @param order gives candidates the order of channels that the user says
   * @return empty if none is good enough
   */
  Optional<Fit> best(ColorOptions order) {
    Optional<Fit> bounds =
        ValueRange.BOUNDS.stream()
            .flatMap(range -> fit(order.ordered(range.normalization())).stream())
            .filter(RangeFits::isGood)
            .min(
                Comparator.comparingDouble(
                    fit -> Math.abs(Math.log(fit.varianceRatio() / USUAL_RATIO))));
    if (bounds.isEmpty()) {
      return fit(order.ordered(ValueRange.TORCH.normalization())).filter(RangeFits::isGood);
    }
    Optional<Fit> caffe =
        fit(order.ordered(ValueRange.CAFFE.normalization()))
            // Subtracting a mean changes no variance.
            .filter(fit -> isBytes(bounds.get(), order))
            .filter(fit -> fit.distance() < CLEARLY_NEARER * bounds.get().distance());
    return caffe.or(() -> bounds);
  }

  private static boolean isBytes(Fit fit, ColorOptions order) {
    return fit.normalization().equals(order.ordered(ValueRange.BYTES.normalization()));
  }

  private static boolean isGood(Fit fit) {
    return fit.varianceRatio() >= MIN_RATIO && fit.varianceRatio() <= MAX_RATIO;
  }

  /** Whether a normalization fits; not if it was not measured. */
  boolean isGood(Normalization normalization) {
    return fit(normalization).filter(RangeFits::isGood).isPresent();
  }

  /** The fit of a normalization, if it was measured. */
  Optional<Fit> fit(Normalization normalization) {
    return list.stream().filter(fit -> fit.normalization().equals(normalization)).findFirst();
  }

  /** The better fit that makes a normalization implausible; empty if it is plausible. */
  Optional<Fit> contradicting(Normalization normalization, ColorOptions order) {
    return fit(normalization)
        .filter(fit -> fit.varianceRatio() < MIN_PLAUSIBLE || fit.varianceRatio() > MAX_PLAUSIBLE)
        .flatMap(fit -> best(order));
  }

  /** The other ranges with their ratios, such as {@code 0,1: 0.20; 0,255: 13000}. */
  String others(Fit best) {
    return list.stream()
        .filter(fit -> !fit.equals(best))
        .map(fit -> ColorText.brief(fit.normalization()) + ": " + ratio(fit))
        .collect(Collectors.joining("; "));
  }

  /** The ratio of the variances as text. */
  static String ratio(Fit fit) {
    return String.format(
        Locale.ROOT, fit.varianceRatio() < 10 ? "%.2f" : "%.0f", fit.varianceRatio());
  }
}
