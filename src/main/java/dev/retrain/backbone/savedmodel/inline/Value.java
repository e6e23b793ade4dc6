package dev.retrain.backbone.savedmodel.inline;

/** What an output of a node becomes in the frozen graph. */
sealed interface Value {
  /**
   * A tensor of the frozen graph.
   *
   * @param name {@code name} or {@code name:index}
   */
  record Tensor(String name) implements Value {}

  /**
   * The handle of a variable, which the frozen graph doesn't have.
   *
   * @param node name of the variable's node in the meta graph
   */
  record Handle(String node) implements Value {}

  /** An output that is never computed: the branch of a condition that is constant. */
  record Dead() implements Value {}
}
