package dev.retrain.model.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.util.RetrainException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A field of a JSON file whose content is not trusted. Each method throws a {@link
 * RetrainException} that names the file and the field if the value isn't as expected.
 *
 * @param file the file
 * @param name the path of the field, {@code data.classes[2].training}; empty for the whole file
 * @param value the value; null if the field is missing
 */
public record JsonField(Path file, String name, JsonNode value) {
  /** Longer values are abbreviated in messages. */
  private static final int MAX_SHOWN = 200;

  /** Text on one line, abbreviated, without control characters. */
  public static String printable(String text) {
    String clean = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    return clean.length() <= MAX_SHOWN ? clean : clean.substring(0, MAX_SHOWN) + "...";
  }

  /** The exception for this field: {@code must be above 0}. */
  private RetrainException invalid(String requirement, Throwable cause) {
    String found = value == null ? "it is missing" : "is " + printable(summary(value));
    return new RetrainException(
        cause,
        "%s: '%s' %s, but %s. Restore the file or train the model again.",
        file,
        printable(name),
        requirement,
        found);
  }

  /** The value as JSON; of long lists and objects only the kind and the size. */
  private static String summary(JsonNode value) {
    if (value.isContainerNode()) {
      return (value.isArray() ? "a list of size " : "an object of size ") + value.size();
    }
    if (value.isTextual() && value.textValue().length() > MAX_SHOWN) {
      return '"' + value.textValue().substring(0, MAX_SHOWN + 1);
    }
    return value.toString();
  }

  private JsonField child(String key) {
    return new JsonField(file, name.isEmpty() ? key : name + "." + key, value.get(key));
  }

  /** A field of this object that may be missing or null. */
  public Optional<JsonField> find(String key) {
    JsonField child = object().child(key);
    return Optional.of(child).filter(field -> field.value != null && !field.value.isNull());
  }

  /** A field of this object that must exist. */
  public JsonField get(String key) {
    return object().child(key);
  }

  /** Checks that the value is an object. */
  public JsonField object() {
    return require(value != null && value.isObject(), "must be an object");
  }

  /** All fields of this object. */
  public List<JsonField> fields() {
    return object().value.properties().stream().map(entry -> child(entry.getKey())).toList();
  }

  /** The elements of a list of at least {@code min}, 0 or 1, elements. */
  public List<JsonField> elements(int min) {
    require(
        value != null && value.isArray() && value.size() >= min,
        min == 0 ? "must be a list" : "must be a list with at least " + min + " element");
    return IntStream.range(0, value.size())
        .mapToObj(i -> new JsonField(file, name + "[" + i + "]", value.get(i)))
        .toList();
  }

  /** Text that can be a file name: without NUL and unpaired surrogates. */
  public String text() {
    require(value != null && value.isTextual(), "must be text");
    String text = value.textValue();
    require(
        text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text),
        "must be text without null characters and unpaired surrogates");
    return text;
  }

  /** An integer from {@code min} to {@code max}. */
  public long integer(long min, long max) {
    require(
        value != null
            && value.isIntegralNumber()
            && value.canConvertToLong()
            && value.longValue() >= min
            && value.longValue() <= max,
        min == Long.MIN_VALUE
            ? "must be an integer of 64 bits"
            : "must be an integer from " + min + " to " + max);
    return value.longValue();
  }

  /** A finite number in single precision. */
  public float number() {
    require(
        value != null && value.isNumber() && Float.isFinite(value.floatValue()),
        "must be a finite number in single precision");
    return value.floatValue();
  }

  /**
   * A metric from 0 to {@code max}, or NaN or infinity, which are written as text.
   *
   * @param max the maximum, or {@link Double#MAX_VALUE}
   */
  public void metric(double max) {
    boolean notFinite =
        value != null
            && value.isTextual()
            && List.of("NaN", "Infinity", "-Infinity").contains(value.textValue());
    require(
        notFinite
            || (value != null
                && value.isNumber()
                && value.doubleValue() >= 0
                && value.doubleValue() <= max),
        max == Double.MAX_VALUE ? "must be a number of at least 0" : "must be from 0 to " + max);
  }

  /** Checks that the value is true or false. */
  public void bool() {
    require(value != null && value.isBoolean(), "must be true or false");
  }

  /**
   * Checks the value with a parser.
   *
   * @param parser throws an {@link IllegalArgumentException} if the text is malformed
   * @param requirement what the text must be
   */
  public void parse(Consumer<String> parser, String requirement) {
    String text = text();
    try {
      parser.accept(text);
    } catch (IllegalArgumentException e) {
      throw invalid(requirement, e);
    }
  }

  /** Throws the exception for this field unless a requirement, {@code must be above 0}, is met. */
  public JsonField require(boolean fulfilled, String requirement) {
    if (!fulfilled) {
      throw invalid(requirement, null);
    }
    return this;
  }
}
