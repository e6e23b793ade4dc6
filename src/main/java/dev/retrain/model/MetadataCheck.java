package dev.retrain.model;

import dev.retrain.backbone.ComputeOptions;
import dev.retrain.backbone.graph.FeatureTensor;
import dev.retrain.image.ChannelOrder;
import dev.retrain.image.ResizeMode;
import dev.retrain.model.json.JsonField;
import java.nio.file.FileSystems;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Checks every field of a model's metadata before the JSON becomes a {@link ModelMetadata}: type,
 * range, and fields that belong together. Unknown fields are ignored. Fields that earlier versions
 * didn't write are optional; null counts as missing.
 */
final class MetadataCheck {
  /** Three of them are added as int. */
  private static final int MAX_COUNT = 500_000_000;

  private static final int MAX_SIZE = 4096;
  private static final int CHANNELS = 3;
  private static final int MAX_FEATURES = 1000;
  private static final int MAX_PATTERN = 1000;
  private static final Pattern TENSOR =
      Pattern.compile("[A-Za-z0-9.][A-Za-z0-9_.\\\\/>-]*(:\\d{1,4})?");

  private MetadataCheck() {}

  /**
   * Checks the metadata.
   *
   * @param root the whole file
   * @throws dev.retrain.util.RetrainException at the first invalid field; names it
   */
  static void check(JsonField root) {
    JsonField format = root.get("format");
    int newest = ModelMetadata.EXTENDED_FORMAT;
    format.require(
        format.integer(1, Integer.MAX_VALUE) <= newest,
        "must be format 1 to " + newest + " for this version of the tool");
    root.get("graph_sha256").text();
    boolean images = input(root.get("input"));
    if (images && needsPreprocessingFormat(root.get("input"))) {
      format.require(
          format.value().longValue() >= ModelMetadata.EXTENDED_FORMAT,
          "must be at least " + ModelMetadata.EXTENDED_FORMAT + " for the fields of 'input'");
    }
    tensor(root.get("output").get("tensor"));
    int labels = labels(root.get("labels").elements(1));
    boolean multiLabel = OutputCheck.check(root.get("output"), format, labels);
    if (images) {
      backbone(root.get("backbone"));
    } else {
      root.find("backbone").ifPresent(MetadataCheck::backbone);
    }
    data(root.get("data"), labels);
    options(root.get("options"));
    root.find("training").ifPresent(MetadataCheck::training);
    metrics(root.get("metrics"), multiLabel);
    for (String software : List.of("retrain", "tensorflow", "java")) {
      root.get("versions").get(software).text();
    }
  }

  /** Checks the input, and returns whether it accepts images. */
  private static boolean input(JsonField input) {
    tensor(input.get("tensor"));
    String kind = input.find("kind").map(JsonField::text).orElse("images");
    input
        .get("kind")
        .require(
            List.of("images", "pictures", "vectors").contains(kind), "must be images or vectors");
    if (kind.equals("vectors")) {
      input.get("length").integer(1, Integer.MAX_VALUE);
      return false;
    }
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
    return true;
  }

  /** Whether the input has fields that earlier versions would ignore. */
  private static boolean needsPreprocessingFormat(JsonField input) {
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

  private static void tensor(JsonField tensor) {
    tensor.require(
        TENSOR.matcher(tensor.text()).matches(), "must be a tensor's name, such as 'input:0'");
  }

  private static int labels(List<JsonField> labels) {
    Set<String> seen = new HashSet<>();
    for (JsonField label : labels) {
      label.require(seen.add(label.text()), "must differ from the labels before");
    }
    return labels.size();
  }

  private static void backbone(JsonField backbone) {
    backbone.get("name").text();
    backbone.get("graph_sha256").text();
    List<JsonField> features = backbone.get("bottlenecks").elements(1);
    backbone
        .get("bottlenecks")
        .require(
            features.size() <= MAX_FEATURES, "must have at most " + MAX_FEATURES + " elements");
    for (JsonField feature : features) {
      String requirement = "must be a tensor's name, such as 'pool_3:0' or 'mixed_8/join:0@2x2'";
      feature.parse(FeatureTensor::parse, requirement);
      String tensor = FeatureTensor.parse(feature.text()).tensor();
      feature.require(TENSOR.matcher(tensor).matches(), requirement);
    }
    backbone.find("vector_tensor").ifPresent(MetadataCheck::tensor);
    backbone.get("vector_length").integer(1, Integer.MAX_VALUE);
    backbone
        .find("computation")
        .ifPresent(text -> text.parse(ComputeOptions::parse, "must be known compute options"));
    backbone.find("mirrored").ifPresent(JsonField::bool);
    backbone
        .find("inferred")
        .ifPresent(sentences -> sentences.elements(0).forEach(JsonField::text));
  }

  private static void data(JsonField data, int labels) {
    data.get("directory").text();
    data.get("fingerprint").text();
    // Format 1 says pictures.
    data.find("pictures").ifPresent(MetadataCheck::count);
    if (data.find("pictures").isEmpty() || data.find("images").isPresent()) {
      count(data.get("images"));
    }
    data.find("unreadable").ifPresent(files -> files.elements(0).forEach(JsonField::text));
    data.find("split").ifPresent(MetadataCheck::split);
    data.find("list").ifPresent(MetadataCheck::list);
    counts(data);
    data.find("classes")
        .ifPresent(
            classes -> {
              List<JsonField> elements = classes.elements(0);
              classes.require(
                  elements.isEmpty() || elements.size() == labels,
                  "must have an element for each of the " + labels + " labels");
              elements.forEach(MetadataCheck::counts);
            });
  }

  private static void list(JsonField list) {
    list.find("manifest").ifPresent(JsonField::text);
    for (String column : List.of("path", "label", "split", "group", "weight")) {
      list.find(column + "_column").ifPresent(JsonField::text);
    }
    for (String column : List.of("path_column", "label_column")) {
      list.find(column)
          .ifPresent(name -> name.require(!name.text().isBlank(), "must not be empty"));
    }
    list.find("split_folders").ifPresent(JsonField::bool);
    list.find("group_by")
        .ifPresent(
            regex -> {
              // Compiling a long expression takes quadratic time.
              regex.require(
                  regex.text().length() <= MAX_PATTERN,
                  "must have at most " + MAX_PATTERN + " characters");
              regex.parse(Pattern::compile, "must be a regular expression");
            });
    list.find("exclude").ifPresent(JsonField::text);
    list.find("classes").ifPresent(classes -> classes.elements(0).forEach(JsonField::text));
    list.find("max_per_class").ifPresent(max -> max.integer(1, Integer.MAX_VALUE));
  }

  private static void counts(JsonField sets) {
    for (String set : List.of("training", "validation", "test")) {
      count(sets.get(set));
    }
  }

  private static void count(JsonField count) {
    count.integer(0, MAX_COUNT);
  }

  private static void split(JsonField split) {
    JsonField testing = split.get("testing_percentage");
    long testingPercentage = testing.integer(1, 98);
    long validationPercentage = split.get("validation_percentage").integer(1, 98);
    split
        .find("test_files")
        .ifPresentOrElse(
            glob ->
                glob.parse(
                    pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern),
                    "must be a glob pattern"),
            () ->
                testing.require(
                    testingPercentage + validationPercentage <= 99,
                    "must be at most " + (99 - validationPercentage)));
  }

  private static void options(JsonField options) {
    options.fields().stream().filter(option -> option.value().isTextual()).forEach(JsonField::text);
  }

  private static void training(JsonField training) {
    training.get("seed").integer(Long.MIN_VALUE, Long.MAX_VALUE);
    training.get("log_directory").text();
    training.find("fine_tuning").ifPresent(MetadataCheck::fineTuning);
  }

  private static void fineTuning(JsonField tuning) {
    tuning.get("layers").text();
    long blocks = tuning.get("blocks").integer(0, Integer.MAX_VALUE);
    tuning.get("trained_blocks").integer(0, blocks);
    tuning.get("parameters").integer(0, Long.MAX_VALUE);
    long epochs = tuning.get("epochs").integer(1, Integer.MAX_VALUE);
    tuning.get("best_epoch").integer(1, epochs);
    tuning.get("head_validation_accuracy").metric(1);
    tuning.get("validation_accuracy").metric(1);
    tuning.get("used").bool();
  }

  private static void metrics(JsonField metrics, boolean multiLabel) {
    OutputCheck.checkMetrics(metrics, multiLabel);
    metrics.get("test_accuracy").metric(1);
    count(metrics.get("test_count"));
    metrics.get("test_loss").metric(Double.MAX_VALUE);
    metrics.get("validation_accuracy").metric(1);
    metrics.get("best_iteration").integer(0, Integer.MAX_VALUE);
    metrics.get("iterations").integer(0, Integer.MAX_VALUE);
    metrics.find("history").ifPresent(MetadataCheck::history);
  }

  private static void history(JsonField history) {
    List<JsonField> iterations = history.get("iterations").elements(1);
    iterations.forEach(iteration -> iteration.integer(0, Integer.MAX_VALUE));
    column(history.get("training_accuracy"), iterations.size(), 1);
    column(history.get("training_loss"), iterations.size(), Double.MAX_VALUE);
    column(history.get("validation_accuracy"), iterations.size(), 1);
    column(history.get("validation_loss"), iterations.size(), Double.MAX_VALUE);
  }

  private static void column(JsonField column, int length, double max) {
    List<JsonField> values = column.elements(1);
    column.require(
        values.size() == length,
        "must have " + length + " elements, as metrics.history.iterations");
    values.forEach(value -> value.metric(max));
  }
}
