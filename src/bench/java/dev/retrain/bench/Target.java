package dev.retrain.bench;

/**
 * What a measurement should show.
 *
 * @param of what it is said of
 * @param atLeast whether the limit is the lowest that will do; otherwise the highest
 * @param limit the limit
 */
public record Target(Subject of, boolean atLeast, double limit) {
  /** What a target is said of. */
  enum Subject {
    RATIO,
    OURS
  }

  /** So many times as good as the peer. */
  static Target ratioAtLeast(double limit) {
    return new Target(Subject.RATIO, true, limit);
  }

  /** A figure of so much. */
  static Target oursAtMost(double limit) {
    return new Target(Subject.OURS, false, limit);
  }

  boolean isMetBy(double value) {
    return atLeast ? value >= limit : value <= limit;
  }

  @Override
  public String toString() {
    return "%s %s%s"
        .formatted(atLeast ? ">=" : "<=", Figure.digits(limit), of == Subject.RATIO ? " x" : "");
  }
}
