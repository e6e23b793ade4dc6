package dev.retrain.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.opentest4j.TestAbortedException;

/**
 * Contenders that take turns, A B C A B C. One that lacks something (Python, a processor feature)
 * is skipped from then on, with the reason.
 */
final class Rounds {
  /** One turn of a contender. */
  @FunctionalInterface
  interface Turn {
    /**
     * @param samples collects the measured values
     * @throws TestAbortedException if something required is missing
     */
    void take(Samples samples) throws Exception;
  }

  /** The values of one contender. */
  static final class Samples {
    private final Map<String, List<Double>> values = new HashMap<>();

    /** Adds a value of a quantity. */
    void add(String quantity, double value) {
      values.computeIfAbsent(quantity, key -> new ArrayList<>()).add(value);
    }
  }

  private final Map<String, Turn> contenders = new LinkedHashMap<>();
  private final Map<String, Samples> samples = new HashMap<>();
  private final Map<String, String> missing = new HashMap<>();

  /** Adds a contender. */
  Rounds with(String name, Turn turn) {
    contenders.put(name, turn);
    samples.put(name, new Samples());
    return this;
  }

  /** Runs every contender once, and discards the values. */
  Rounds warmUp() throws Exception {
    for (String name : contenders.keySet()) {
      take(name, new Samples());
    }
    return this;
  }

  /** Runs every contender several times, in turns. */
  Rounds run(int rounds) throws Exception {
    for (int round = 0; round < rounds; round++) {
      for (String name : contenders.keySet()) {
        take(name, samples.get(name));
      }
    }
    return this;
  }

  private void take(String name, Samples into) throws Exception {
    if (missing.containsKey(name)) {
      return;
    }
    try {
      contenders.get(name).take(into);
    } catch (TestAbortedException e) {
      missing.put(name, "skipped: " + e.getMessage());
    }
  }

  /** The figure of a contender. */
  Figure figure(String contender, String quantity) {
    if (missing.containsKey(contender)) {
      return Figure.missing(missing.get(contender));
    }
    return Figure.of(samples.get(contender).values.get(quantity));
  }
}
