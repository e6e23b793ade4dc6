package dev.retrain.backbone.guard;

/** A graph contains something that may run only if the graph is trusted. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param problem a sentence without a period, such as {@code op 'While' (node 'w') is a loop}
   */
  RefusedException(String problem) {
    super(problem);
  }
}
