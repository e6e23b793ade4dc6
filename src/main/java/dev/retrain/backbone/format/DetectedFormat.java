package dev.retrain.backbone.format;

import java.util.List;

/**
 * What a path contains instead of a frozen graph, and what to do with it.
 *
 * @param kind with its article: {@code a Keras model (HDF5)}
 * @param remedy a sentence without its period, as a format of {@link String#format}
 * @param arguments the arguments of the remedy, settings among them
 */
record DetectedFormat(String kind, String remedy, List<Object> arguments) {
  DetectedFormat {
    arguments = List.copyOf(arguments);
  }

  static DetectedFormat of(String kind, String remedy, Object... arguments) {
    return new DetectedFormat(kind, remedy, List.of(arguments));
  }

  DetectedFormat withKind(String other) {
    return new DetectedFormat(other, remedy, arguments);
  }
}
