package dev.retrain.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.opentest4j.TestAbortedException;

/**
 * Contenders that take turns, A B C A B C. One that lacks something (Python, a processor that can)
 * is left out from then on, with the reason.
 */
final class Rounds {
  /** One turn of a contender. */
  @FunctionalInterface
  interface Turn {
    /**
     * @param samples takes what was measured
     * @throws TestAbortedException where something that is needed is not there
     */
    void take(Samples samples) throws Exception;
  }

  /** What one contender has shown so far. */
  static final class Samples {
    private final Map<String, List<Double>> values = new HashMap<>();

    /** Takes a value of a quantity. */
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

  /** Every contender once, and nothing of it counts. */
  Rounds warmUp() throws Exception {
    for (String name : contenders.keySet()) {
      take(name, new Samples());
    }
    return this;
  }

  /** Every contender so many times, in turns. */
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

  /** What a contender has shown. */
  Figure figure(String contender, String quantity) {
    if (missing.containsKey(contender)) {
      return Figure.missing(missing.get(contender));
    }
    return Figure.of(samples.get(contender).values.get(quantity));
  }
}
