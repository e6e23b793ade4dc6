package dev.retrain.model;

import dev.retrain.image.ChannelOrder;
import dev.retrain.image.ResizeMode;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Checks the fields of a model's metadata that say how images are prepared. */
final class InputFields {
  private static final int MAX_SIZE = 4096;
  private static final int CHANNELS = 3;

  private InputFields() {}

  /**
   * Checks the fields.
   *
   * @param input the input of a model that takes images
   */
  static void check(JsonField input) {
    input.get("height").integer(1, MAX_SIZE);
    input.get("width").integer(1, MAX_SIZE);
    numbers(input.get("mean"), JsonField::number);
    numbers(input.get("std"), std -> std.require(std.number() > 0, "must be above 0"));
    input
        .find("jpeg_scale")
        .ifPresent(
            scale ->
                scale.require(
                    List.of(1L, 2L, 4L, 8L).contains(scale.integer(1, 8)), "must be 1, 2, 4 or 8"));
    input
        .find("channels")
        .ifPresent(channels -> oneOf(channels, Arrays.asList(ChannelOrder.values())));
    input.find("resize").ifPresent(resize -> oneOf(resize, Arrays.asList(ResizeMode.values())));
  }

  /** Whether the input has fields that earlier versions would ignore. */
  static boolean needPreprocessingFormat(JsonField input) {
    return input.find("channels").isPresent()
        || input.find("resize").isPresent()
        || input.get("mean").value().isArray()
        || input.get("std").value().isArray();
  }

  private static void numbers(JsonField field, Consumer<JsonField> check) {
    if (field.value() == null || !field.value().isArray()) {
      check.accept(field);
      return;
    }
    field.require(
        field.value().size() == CHANNELS, "must be a number, or three for red, green and blue");
    field.elements(1).forEach(check);
  }

  private static void oneOf(JsonField field, List<?> values) {
    List<String> known = values.stream().map(Object::toString).toList();
    field.require(known.contains(field.text()), "must be one of " + String.join(", ", known));
  }
}
