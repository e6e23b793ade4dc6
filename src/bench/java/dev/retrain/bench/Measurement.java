package dev.retrain.bench;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A row of the table.
 *
 * @param name what is measured
 * @param unit the unit of both figures
 * @param ours the tool's figure
 * @param peer what it is compared with, if anything
 * @param target the target, if there is one
 */
public record Measurement(
    String name, Unit unit, Figure ours, Optional<Peer> peer, Optional<Target> target) {
  /**
   * What the tool is compared with.
   *
   * @param name its name
   * @param figure its figure
   */
  public record Peer(String name, Figure figure) {}

  /** Creates a row without a comparison. */
  static Measurement alone(String name, Unit unit, Figure ours) {
    return new Measurement(name, unit, ours, Optional.empty(), Optional.empty());
  }

  /** Creates a row for a group that could not be measured. */
  static Measurement missing(String name, String reason) {
    return alone(name, Unit.SHARE, Figure.missing(reason));
  }

  /** Adds a peer. */
  Measurement against(String who, Figure figure) {
    return new Measurement(name, unit, ours, Optional.of(new Peer(who, figure)), target);
  }

  /** Adds a target. */
  Measurement target(Target wanted) {
    return new Measurement(name, unit, ours, peer, Optional.of(wanted));
  }

  /** How many times as fast as the peer, or as frugal; ratio of the medians. */
  OptionalDouble ratio() {
    if (!ours.isMeasured() || peer.isEmpty() || !peer.get().figure().isMeasured()) {
      return OptionalDouble.empty();
    }
    double theirs = peer.get().figure().median();
    return OptionalDouble.of(
        unit.higherIsBetter() ? ours.median() / theirs : theirs / ours.median());
  }

  /** Whether the target was met; absent without a target or a figure. */
  Optional<Boolean> met() {
    if (target.isEmpty()) {
      return Optional.empty();
    }
    if (target.get().subject() == Target.Subject.OURS) {
      return ours.isMeasured()
          ? Optional.of(target.get().isMetBy(ours.median()))
          : Optional.empty();
    }
    OptionalDouble ratio = ratio();
    return ratio.isPresent()
        ? Optional.of(target.get().isMetBy(ratio.getAsDouble()))
        : Optional.empty();
  }
}
