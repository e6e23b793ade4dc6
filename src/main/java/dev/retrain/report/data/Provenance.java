package dev.retrain.report.data;

import java.util.List;

/**
 * Where a model and its report come from.
 *
 * @param facts files, data and versions, in groups
 * @param options the options of the training
 * @param commands command lines that reproduce the model and the report, each as a list of words,
 *     quoted for a shell
 */
public record Provenance(
    List<FactGroup> facts, List<FactGroup.Fact> options, List<List<String>> commands) {
  public Provenance {
    facts = List.copyOf(facts);
    options = List.copyOf(options);
    commands = commands.stream().map(List::copyOf).toList();
  }
}
