package dev.retrain.backbone.format;

import java.util.List;

/**
 * What a path holds instead of a frozen graph, and what to do with it.
 *
 * @param kind with its article: {@code a Keras model (HDF5)}
 * @param remedy a sentence without its period, as a format of {@link String#format}
 * @param arguments the arguments of the remedy, settings among them
 */
record Found(String kind, String remedy, List<Object> arguments) {
  Found {
    arguments = List.copyOf(arguments);
  }

  static Found of(String kind, String remedy, Object... arguments) {
    return new Found(kind, remedy, List.of(arguments));
  }

  Found withKind(String other) {
    return new Found(other, remedy, arguments);
  }
}
