package dev.retrain.bench;

/**
 * The target of a measurement.
 *
 * @param subject what is compared with the limit
 * @param atLeast whether the limit is a minimum; otherwise it is a maximum
 * @param limit the limit
 */
public record Target(Subject subject, boolean atLeast, double limit) {
  /** What a target limits: the ratio to the peer, or the tool's own figure. */
  enum Subject {
    RATIO,
    OURS
  }

  /** A minimum ratio to the peer. */
  static Target ratioAtLeast(double limit) {
    return new Target(Subject.RATIO, true, limit);
  }

  /** A maximum of the tool's own figure. */
  static Target oursAtMost(double limit) {
    return new Target(Subject.OURS, false, limit);
  }

  boolean isMetBy(double value) {
    return atLeast ? value >= limit : value <= limit;
  }

  @Override
  public String toString() {
    return (atLeast ? ">= " : "<= ") + Figure.digits(limit);
  }
}
