package dev.retrain.finetune.checkpoint;

/**
 * Named values that are written to a checkpoint.
 *
 * @param name its name
 * @param length number of values
 * @param values copies them
 */
public record CheckpointTensor(String name, int length, Source values) {
  /** Copies values, so that they need not be in an array. */
  @FunctionalInterface
  public interface Source {
    /**
     * @param from index of the first value
     * @param target receives the values, from index 0
     * @param count number of values
     */
    void copy(int from, float[] target, int count);
  }

  /** An array, which must not be changed. */
  public static CheckpointTensor of(String name, float[] values) {
    return new CheckpointTensor(
        name,
        values.length,
        (from, target, count) -> System.arraycopy(values, from, target, 0, count));
  }
}
