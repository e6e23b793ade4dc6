package dev.retrain.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.backbone.Backbone;
import dev.retrain.testing.SampleModel;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

class ModelWriterTest {
  @TempDir private Path directory;

  private ModelFiles files(String name) {
    return new ModelFiles(
        directory.resolve(name).resolve("output_graph.pb"),
        directory.resolve(name).resolve("output_labels.txt"));
  }

  private static List<String> keys(JsonNode node) {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  @Test
  void labelsFileHasALinePerClass() throws IOException {
    ModelFiles files = files("model");
    ModelWriter.write(files, SampleModel.model("final_result"));
    assertThat(Files.readString(files.labels())).isEqualTo("Tulip\ndaisy (wild)\nLöwenzahn 蒲公英\n");
  }

  @Test
  void metadataIsWrittenBesideTheGraphInSnakeCase() throws IOException {
    ModelFiles files = files("model");
    TrainedModel model = SampleModel.model("final_result");
    ModelWriter.write(files, model);
    JsonNode json =
        new ObjectMapper()
            .readTree(directory.resolve("model").resolve("output_graph.json").toFile());
    assertThat(keys(json))
        .containsExactlyInAnyOrder(
            "format",
            "graph_sha256",
            "input",
            "output",
            "labels",
            "backbone",
            "data",
            "options",
            "training",
            "metrics",
            "versions");
    assertThat(json.get("format").intValue()).isEqualTo(2);
    assertThat(json.get("graph_sha256").textValue()).isEqualTo(Sha256.sha256(files.graph()));
    assertThat(json.get("labels")).map(JsonNode::textValue).isEqualTo(SampleModel.LABELS);
    assertReads(
        json.get("input"),
        "{'kind': 'images', 'tensor': 'input:0', 'height': 96, 'width': 96, 'mean': 127.5,"
            + " 'std': 127.5, 'jpeg_scale': 1}");
    assertReads(json.get("output"), "{'tensor': 'final_result:0'}");
    assertReads(
        json.get("backbone"),
        ("{'name': 'scattering', 'graph_sha256': '%s', 'bottlenecks': ['pooled:0'],"
                + " 'vector_tensor': 'bottleneck:0', 'vector_length': 723, 'computation': 'optimized=true precision=float32'}")
            .formatted(model.backbone().orElseThrow().graphSha256()));
    assertReads(
        json.get("data"),
        "{'directory': 'images', 'fingerprint': 'ab12', 'images': 18,"
            + " 'unreadable': ['daisy (wild)/torn.jpg'], 'split': {'testing_percentage': 15,"
            + " 'validation_percentage': 10, 'test_files': 't_*'},"
            + " 'training': 12, 'validation': 3, 'test': 3}");
    assertReads(json.get("options"), "{'iterations': 20, 'learning-rate': 0.01}");
    assertReads(json.get("training"), "{'seed': 7, 'log_directory': 'logs'}");
    assertReads(
        json.get("metrics"),
        "{'test_accuracy': 0.75, 'test_count': 4, 'test_loss': 0.5, 'validation_accuracy': 0.875,"
            + " 'best_iteration': 10, 'iterations': 20}");
    assertReads(json.get("versions"), "{'retrain': '0.1.0', 'tensorflow': '2.18.0', 'java': '17'}");
  }

  private static void assertReads(JsonNode actual, String expected) throws IOException {
    assertThat(actual).isEqualTo(new ObjectMapper().readTree(expected.replace('\'', '"')));
  }

  @Test
  void graphIsFrozenAndHasTheNamesInTheMetadata() throws IOException {
    ModelFiles files = files("model");
    TrainedModel model = SampleModel.model("my_result");
    ModelWriter.write(files, model);
    GraphDef graph = GraphDef.parseFrom(Files.readAllBytes(files.graph()));
    assertThat(graph.getNodeList())
        .extracting(NodeDef::getName)
        .contains("input", "my_result")
        .doesNotHaveDuplicates();
    assertThat(graph.getNodeList())
        .extracting(NodeDef::getOp)
        .doesNotContain("Variable", "VariableV2", "VarHandleOp");
    // Nodes the feature vector doesn't depend on are removed.
    assertThat(graph.getNodeList()).extracting(NodeDef::getName).doesNotContain("quarters");
  }

  @Test
  void writingIsDeterministic() throws IOException {
    ModelFiles one = files("one");
    ModelFiles other = files("other");
    ModelWriter.write(one, SampleModel.model("final_result"));
    ModelWriter.write(other, SampleModel.model("final_result"));
    assertThat(other.graph()).hasSameBinaryContentAs(one.graph());
    assertThat(other.labels()).hasSameBinaryContentAs(one.labels());
    assertThat(other.metadata()).hasSameBinaryContentAs(one.metadata());
  }

  @ParameterizedTest
  @ValueSource(strings = {"input", "pooled", "bottleneck"})
  void nodeNameOfTheBackboneIsRejectedAndNothingIsWritten(String name) throws IOException {
    ModelFiles files = files("model");
    TrainedModel model = SampleModel.model(name);
    assertThatThrownBy(() -> ModelWriter.write(files, model))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("'" + name + "'")
        .satisfies(
            e ->
                assertThat(((RetrainException) e).settings())
                    .containsExactly(Setting.FINAL_TENSOR_NAME));
    try (Stream<Path> written = Files.walk(directory)) {
      assertThat(written.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void graphOfAModelCanBeABackbone() throws IOException {
    ModelFiles first = files("first");
    ModelWriter.write(first, SampleModel.model("final_result"));
    Backbone scattering = SampleModel.backbone();
    GraphDef graph = GraphDef.parseFrom(Files.readAllBytes(first.graph()));
    Backbone again =
        new Backbone(
            "again",
            graph,
            Sha256.sha256(first.graph()),
            scattering.input(),
            List.of("final_layer/pre_activations:0"),
            scattering.preprocessing());
    ModelFiles second = files("second");
    ModelWriter.write(second, SampleModel.model(again, "second_result"));
    try (ImageClassifier classifier = ImageClassifier.load(second.graph())) {
      assertThat(classifier.metadata().backbone().vectorLength()).isEqualTo(3);
    }
  }

  @Test
  void earlierModelIsReplaced() throws IOException {
    ModelFiles files = files("model");
    ModelWriter.write(files, SampleModel.model("final_result"));
    ModelWriter.write(files, SampleModel.model("other_result"));
    try (ImageClassifier classifier = ImageClassifier.load(files.graph());
        Stream<Path> written = Files.list(directory.resolve("model"))) {
      assertThat(classifier.metadata().output().tensor()).isEqualTo("other_result:0");
      assertThat(written).hasSize(3);
    }
  }
}
