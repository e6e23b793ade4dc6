package dev.retrain.bench;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A row of the table.
 *
 * @param name what is measured
 * @param unit what in
 * @param ours what the tool does
 * @param peer what it is held against, if anything
 * @param target what it should come to, if anything was set
 */
public record Measurement(
    String name, Unit unit, Figure ours, Optional<Peer> peer, Optional<Target> target) {
  /**
   * What the tool is held against.
   *
   * @param name who or what it is
   * @param figure what it does
   */
  public record Peer(String name, Figure figure) {}

  /** A figure that is held against nothing. */
  static Measurement alone(String name, Unit unit, Figure ours) {
    return new Measurement(name, unit, ours, Optional.empty(), Optional.empty());
  }

  /** A group of rows that could not be measured. */
  static Measurement missing(String name, String reason) {
    return alone(name, Unit.SHARE, Figure.missing(reason));
  }

  /** The same, held against a peer. */
  Measurement against(String who, Figure figure) {
    return new Measurement(name, unit, ours, Optional.of(new Peer(who, figure)), target);
  }

  /** The same, with a target. */
  Measurement target(Target wanted) {
    return new Measurement(name, unit, ours, peer, Optional.of(wanted));
  }

  /** How many times as good as the peer: as fast, or as little; of the medians. */
  OptionalDouble ratio() {
    if (!ours.isThere() || peer.isEmpty() || !peer.get().figure().isThere()) {
      return OptionalDouble.empty();
    }
    double theirs = peer.get().figure().median();
    return OptionalDouble.of(unit.moreIsBetter() ? ours.median() / theirs : theirs / ours.median());
  }

  /** Whether the target was met; absent where there is none, or nothing to judge by. */
  Optional<Boolean> met() {
    if (target.isEmpty()) {
      return Optional.empty();
    }
    if (target.get().of() == Target.Subject.OURS) {
      return ours.isThere() ? Optional.of(target.get().isMetBy(ours.median())) : Optional.empty();
    }
    OptionalDouble ratio = ratio();
    return ratio.isPresent()
        ? Optional.of(target.get().isMetBy(ratio.getAsDouble()))
        : Optional.empty();
  }
}
