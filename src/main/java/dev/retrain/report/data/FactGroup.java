package dev.retrain.report.data;

import java.util.List;

/**
 * Facts under one heading.
 *
 * @param title the heading
 * @param facts the facts in order
 */
public record FactGroup(String title, List<Fact> facts) {
  public FactGroup {
    facts = List.copyOf(facts);
  }

  public record Fact(String name, String value) {}
}
