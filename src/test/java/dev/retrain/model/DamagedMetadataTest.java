package dev.retrain.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.backbone.Backbone;
import dev.retrain.image.ChannelOrder;
import dev.retrain.image.Normalization;
import dev.retrain.image.Preprocessing;
import dev.retrain.image.ResizeMode;
import dev.retrain.model.ModelMetadata.Metrics;
import dev.retrain.model.data.DataOrigin;
import dev.retrain.model.data.DataOrigin.ClassCounts;
import dev.retrain.model.data.DataOrigin.ImageListing;
import dev.retrain.model.data.DataOrigin.SplitOrigin;
import dev.retrain.testing.SampleModel;
import dev.retrain.util.Json;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A damaged field of a model's metadata gives one error that names the file and the field. */
class DamagedMetadataTest {
  @TempDir private static Path directory;
  private static ModelFiles files;
  private static ObjectNode original;

  /** What happens to a field. */
  enum Damage {
    MISSING,
    NULL,
    WRONG_TYPE,
    NEGATIVE,
    HUGE,
    MAX_INT;

    JsonNode apply(JsonNode value) {
      JsonNodeFactory nodes = JsonNodeFactory.instance;
      return switch (this) {
        case MISSING -> null;
        case NULL -> nodes.nullNode();
        case WRONG_TYPE ->
            value.isNumber()
                ? nodes.textNode("twelve")
                : value.isArray() ? nodes.objectNode() : nodes.arrayNode().add(1);
        case NEGATIVE -> nodes.numberNode(-1);
        case MAX_INT -> nodes.numberNode(Integer.MAX_VALUE);
        case HUGE -> huge(value);
      };
    }

    private static JsonNode huge(JsonNode value) {
      JsonNodeFactory nodes = JsonNodeFactory.instance;
      if (value.isIntegralNumber()) {
        return nodes.numberNode(BigInteger.TEN.pow(30));
      }
      if (value.isNumber()) {
        return nodes.numberNode(1e308);
      }
      if (value.isArray()) {
        ArrayNode list = nodes.arrayNode();
        Collections.nCopies(100_000, value.get(0)).forEach(list::add);
        return list;
      }
      return nodes.textNode("x".repeat(1_000_000));
    }

    /** The fields that may have this damage. */
    private Pattern accepted() {
      String any = "options/.*";
      String texts =
          "labels/0|backbone/(name|graph_sha256)|data/(directory|fingerprint|unreadable/0"
              + "|split/test_files|list/(.*_column|manifest|exclude|classes.*))|training/log_directory|versions/.*";
      return Pattern.compile(
          "/("
              + switch (this) {
                case MISSING, NULL ->
                    "input/kind|input/jpeg_scale|input/channels|input/resize"
                        + "|backbone/(vector_tensor|computation|mirrored)"
                        + "|data/(unreadable|split|split/test_files|classes|list(/[a-z_]+)?)|training"
                        + "|metrics/history|"
                        + any;
                case WRONG_TYPE -> any;
                case NEGATIVE -> "input/mean(/0)?|training/seed|" + any;
                case MAX_INT ->
                    "input/(mean|std)(/0)?|training/seed|data/list/max_per_class|metrics/(best_iteration|iterations"
                        + "|test_loss|history/(iterations|training_loss|validation_loss)/0)|"
                        + any;
                case HUGE ->
                    "data/unreadable|metrics/test_loss|metrics/history/(training|validation)_loss/0|"
                        + texts
                        + "|"
                        + any;
              }
              + ")");
    }
  }

  @BeforeAll
  static void write() throws IOException {
    files = new ModelFiles(directory.resolve("flowers.pb"), directory.resolve("flowers.txt"));
    TrainedModel model =
        SampleModel.model(backbone(), "final_result").toBuilder()
            .data(
                new DataOrigin(
                    "images",
                    "ab12",
                    18,
                    List.of("daisy (wild)/torn.jpg"),
                    new SplitOrigin(15, 10, "t_*"),
                    12,
                    3,
                    3,
                    Collections.nCopies(3, new ClassCounts(4, 1, 1)),
                    new ImageListing(
                        "list.csv",
                        "file",
                        "label",
                        "",
                        "patient",
                        "weight",
                        true,
                        "p(\\d+)",
                        "exclude.txt",
                        List.of("daisy"),
                        50)))
            .metrics(
                new Metrics(
                    0.75,
                    4,
                    0.5,
                    0.875,
                    10,
                    20,
                    new TrainingHistory(
                        List.of(10, 20),
                        List.of(0.5, 0.75),
                        List.of(0.5, 0.25),
                        List.of(0.875, 0.75),
                        List.of(0.5, Double.POSITIVE_INFINITY))))
            .build();
    ModelWriter.write(files, model);
    original = (ObjectNode) Json.mapper().readTree(files.metadata().toFile());
  }

  /** With all optional fields. */
  private static Backbone backbone() throws IOException {
    Backbone backbone = SampleModel.backbone().withMirrored(true);
    Preprocessing p = backbone.preprocessing();
    return backbone.with(
        new Preprocessing(
                p.height(),
                p.width(),
                new Normalization(
                    List.of(124f, 117f, 104f), List.of(58f, 57f, 56f), ChannelOrder.BGR))
            .with(ResizeMode.CROP));
  }

  static Stream<Arguments> everyField() {
    List<String> fields = new ArrayList<>();
    addFields("", original, fields);
    return fields.stream()
        .flatMap(field -> Stream.of(Damage.values()).map(damage -> arguments(field, damage)))
        .filter(
            // A list has no missing element.
            one -> !(one.get()[1] == Damage.MISSING && one.get()[0].toString().endsWith("/0")));
  }

  private static void addFields(String parent, JsonNode node, List<String> fields) {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    if (node.isArray()) {
      keys.add("0");
    }
    for (String key : keys) {
      fields.add(parent + "/" + key);
      addFields(parent + "/" + key, node.at("/" + key), fields);
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("everyField")
  void everyDamagedFieldIsNamedOrOptional(String field, Damage damage) throws IOException {
    ObjectNode json = original.deepCopy();
    JsonNode value = damage.apply(json.at(field));
    int slash = field.lastIndexOf('/');
    JsonNode parent = json.at(field.substring(0, slash));
    String key = field.substring(slash + 1);
    if (parent instanceof ArrayNode list) {
      list.set(0, value);
    } else if (value == null) {
      ((ObjectNode) parent).remove(key);
    } else {
      ((ObjectNode) parent).set(key, value);
    }
    Json.mapper().writeValue(files.metadata().toFile(), json);

    if (damage.accepted().matcher(field).matches()) {
      loadAll();
    } else {
      assertInvalid(field.substring(1).replace("/0", "[0]").replace('/', '.'));
    }
  }

  @Test
  void thereAreManyFields() {
    assertThat(everyField()).hasSizeGreaterThan(250);
  }

  private static void loadAll() throws IOException {
    ImageClassifier.load(files.graph()).close();
    ModelBundle bundle = ModelBundle.read(files.metadata());
    ModelSession.open(bundle, true).close();
    assertThat(bundle.metadata().labels()).hasSize(3);
  }

  private static void assertInvalid(String named) {
    assertThatThrownBy(() -> ImageClassifier.load(files.graph()).close())
        .isExactlyInstanceOf(RetrainException.class)
        .message()
        .contains("flowers.json", named)
        .doesNotContain("\n", "Exception")
        .hasSizeLessThan(700 + files.metadata().toString().length());
    assertThatThrownBy(() -> ModelSession.open(ModelBundle.read(files.graph()), true).close())
        .isExactlyInstanceOf(RetrainException.class);
  }

  static Stream<Arguments> hostileValues() {
    return Stream.of(
        arguments("/labels", "[]", "'labels'"),
        arguments("/labels", "[\"a\", \"b\"]", "labels"),
        arguments("/labels", "[\"a\", \"b\", \"a\"]", "'labels[2]'"),
        arguments("/labels", "[\"a\", \"b\", \"\\ud800\"]", "'labels[2]'"),
        arguments("/labels", "[\"a\", \"b\", \"\\u0000\"]", "'labels[2]'"),
        arguments("/format", "0", "'format'"),
        arguments("/format", "2.5", "'format'"),
        arguments("/graph_sha256", "\"ab12\"", "'graph_sha256'"),
        arguments("/input/kind", "\"vectors\"", "'input.length'"),
        arguments("/input/kind", "\"sounds\"", "'input.kind'"),
        arguments("/input/height", "0", "'input.height'"),
        arguments("/input/height", "97", "'input.height'"),
        arguments("/input/width", "60000", "'input.width'"),
        arguments("/input/width", "96.5", "'input.width'"),
        arguments("/input/std", "0", "'input.std'"),
        arguments("/input/std", "1e-300", "'input.std'"),
        arguments("/input/std", "\"NaN\"", "'input.std'"),
        arguments("/input/mean", "1e999", "'input.mean'"),
        arguments("/input/mean", "[1, 2]", "'input.mean'"),
        arguments("/input/mean", "[1, 2, \"3\"]", "'input.mean[2]'"),
        arguments("/input/std", "[]", "'input.std'"),
        arguments("/input/std", "[1, 0, 1]", "'input.std[1]'"),
        arguments("/input/channels", "\"grb\"", "'input.channels'"),
        arguments("/input/channels", "\"BGR\"", "'input.channels'"),
        arguments("/input/resize", "\"fit\"", "'input.resize'"),
        arguments("/format", "2", "'format'"),
        arguments("/format", "4", "'format'"),
        arguments("/input/jpeg_scale", "3", "'input.jpeg_scale'"),
        arguments("/input/tensor", "\"no_such_tensor:0\"", "'input.tensor'"),
        arguments("/input/tensor", "\"input:7\"", "'input.tensor'"),
        arguments("/input/tensor", "\"input:-1\"", "'input.tensor'"),
        arguments("/input/tensor", "\"input:4294967295\"", "'input.tensor'"),
        arguments("/input/tensor", "\"^input\"", "'input.tensor'"),
        arguments("/input/tensor", "\":0\"", "'input.tensor'"),
        arguments("/input/tensor", "\"\"", "'input.tensor'"),
        arguments("/input/tensor", "\"\\u001b[31m:0\"", "'input.tensor'"),
        arguments("/input/tensor", "\"final_result:0\"", "'input.tensor'"),
        arguments("/output/tensor", "\"input:0\"", "labels"),
        arguments("/output/tensor", "\"none:0\"", "'output.tensor'"),
        arguments("/backbone", "null", "'backbone'"),
        arguments("/backbone/bottlenecks", "[]", "'backbone.bottlenecks'"),
        arguments("/backbone/bottlenecks", "[\"none:0\"]", "'backbone.bottlenecks[0]'"),
        arguments("/backbone/bottlenecks", "[\"a@0x0\"]", "'backbone.bottlenecks[0]'"),
        arguments("/backbone/vector_tensor", "\"none:0\"", "'backbone.vector_tensor'"),
        arguments("/backbone/vector_length", "3", "'backbone.vector_length'"),
        arguments("/backbone/computation", "\"precision=int4\"", "'backbone.computation'"),
        arguments("/data/directory", "\"a\\u0000b\"", "'data.directory'"),
        arguments("/data/split/test_files", "\"[a\"", "'data.split.test_files'"),
        arguments("/data/split/test_files", "\"{a,{b\"", "'data.split.test_files'"),
        arguments("/data/split/testing_percentage", "99", "'data.split.testing_percentage'"),
        arguments("/data/classes", "[{\"training\": 1}]", "'data.classes'"),
        arguments("/options/summaries_dir", "\"\\u0000\"", "'options.summaries_dir'"),
        arguments("/metrics/test_accuracy", "1.5", "'metrics.test_accuracy'"),
        arguments("/metrics/history/iterations", "[]", "'metrics.history.iterations'"),
        arguments("/metrics/history/training_loss", "[1]", "'metrics.history.training_loss'"),
        arguments("/metrics/history/validation_loss/1", "null", "'metrics.history."));
  }

  @ParameterizedTest(name = "{0} = {1}")
  @MethodSource("hostileValues")
  void hostileValueIsReported(String field, String value, String named) throws IOException {
    ObjectNode json = original.deepCopy();
    int slash = field.lastIndexOf('/');
    JsonNode parent = json.at(field.substring(0, slash));
    JsonNode node = Json.mapper().readTree(value);
    if (parent instanceof ArrayNode list) {
      list.set(Integer.parseInt(field.substring(slash + 1)), node);
    } else {
      ((ObjectNode) parent).set(field.substring(slash + 1), node);
    }
    Json.mapper()
        .writer()
        .with(JsonWriteFeature.ESCAPE_NON_ASCII)
        .writeValue(files.metadata().toFile(), json);
    assertInvalid(named);
  }

  @Test
  void percentagesMustLeaveTrainingImages() throws IOException {
    ObjectNode json = original.deepCopy();
    ObjectNode split = (ObjectNode) json.at("/data/split");
    split.remove("test_files");
    split.put("testing_percentage", 60).put("validation_percentage", 40);
    Json.mapper().writeValue(files.metadata().toFile(), json);
    assertInvalid("'data.split.testing_percentage'");
  }

  @Test
  void aMillionLabelsAreReported() throws IOException {
    ObjectNode json = original.deepCopy();
    ArrayNode labels = json.putArray("labels");
    for (int i = 0; i < 1_000_000; i++) {
      labels.add("label " + i);
    }
    ((ObjectNode) json.get("data")).remove("classes");
    Json.mapper().writeValue(files.metadata().toFile(), json);
    assertInvalid("'labels'");
  }

  static Stream<Arguments> texts() {
    String json = original.toString();
    return Stream.of(
        arguments("empty", "", ""),
        arguments("blank", " \n", ""),
        arguments("text", "no JSON", ""),
        arguments("list", "[]", ""),
        arguments("truncated", json.substring(0, json.length() / 2), ""),
        arguments("trailing", json + "{}", ""),
        arguments("duplicate key", json.replaceFirst("\\{", "{\"format\":2,"), "format"),
        arguments(
            "deep", json.replaceFirst("\\{", "{\"x\":" + "[".repeat(100_000)), "nesting depth"),
        arguments(
            "deep options",
            json.replace("\"iterations\":20,\"l", "\"x\":" + "[".repeat(5000) + ",\"l"),
            "nesting depth"),
        arguments(
            "many tokens", json.replaceFirst("\\{", "{\"x\":[" + "1,".repeat(4_100_000)), "oken"),
        arguments("long number", json.replaceFirst("\\{", "{\"x\":" + "1".repeat(5000)), ""),
        arguments("control character", "{\"\u001b[31m", ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void damagedTextIsReported(String name, String text, String named) throws IOException {
    Files.writeString(files.metadata(), text);
    assertInvalid(named);
    assertThatThrownBy(() -> ModelBundle.metadata(files.metadata()))
        .message()
        .doesNotContain("\u001b");
  }

  @Test
  void otherEncodingsAreReported() throws IOException {
    for (byte[] bytes :
        List.of(
            new byte[] {0, 0, 0, 0, 1, 2, 3},
            new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe},
            "{}".getBytes(StandardCharsets.UTF_16))) {
      Files.write(files.metadata(), bytes);
      assertInvalid("");
    }
  }

  @Test
  void hugeFileIsReportedWithoutReadingIt() throws IOException {
    Files.delete(files.metadata());
    try (RandomAccessFile sparse = new RandomAccessFile(files.metadata().toFile(), "rw")) {
      sparse.setLength(1L << 30);
    }
    assertInvalid("64 MB");
  }

  @Test
  void fileThatIsNoGraphIsReported() throws IOException {
    byte[] graph = Files.readAllBytes(files.graph());
    try {
      byte[] damaged = "no graph".getBytes(StandardCharsets.UTF_8);
      Files.write(files.graph(), damaged);
      ObjectNode json = original.deepCopy();
      json.put("graph_sha256", Sha256.sha256(damaged));
      Json.mapper().writeValue(files.metadata().toFile(), json);
      assertThatThrownBy(() -> ModelBundle.read(files.graph()))
          .isExactlyInstanceOf(RetrainException.class)
          .hasMessageContaining("flowers.pb");
    } finally {
      Files.write(files.graph(), graph);
    }
  }
}
