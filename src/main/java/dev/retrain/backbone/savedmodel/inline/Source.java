package dev.retrain.backbone.savedmodel.inline;

/** Where a tensor comes from. */
sealed interface Source {
  /**
   * An output of a node, or an argument of a function.
   *
   * @param scope the graph or the function call that contains the node; compared by identity
   * @param node name of the node or argument in its scope
   * @param index index among all outputs of the node
   */
  record Output(Scope scope, String node, int index) implements Source {}

  /**
   * An argument of a function that the frozen graph keeps.
   *
   * @param value its value in the function
   */
  record Argument(Value value) implements Source {}
}
