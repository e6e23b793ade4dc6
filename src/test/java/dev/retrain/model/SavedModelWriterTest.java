package dev.retrain.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.retrain.backbone.Backbone;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.model.ImageClassifier.Prediction;
import dev.retrain.model.export.SavedModelWriter;
import dev.retrain.model.export.SavedModelWriter.Signature;
import dev.retrain.testing.SampleModel;
import dev.retrain.training.DenseWeights;
import dev.retrain.training.Head;
import dev.retrain.util.Json;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;

class SavedModelWriterTest {
  @TempDir private Path directory;

  private ModelBundle model(TrainedModel model) throws IOException {
    ModelFiles files =
        new ModelFiles(directory.resolve("model.pb"), directory.resolve("model.txt"));
    ModelWriter.write(files, model);
    return ModelBundle.read(files.graph());
  }

  private ModelBundle model() throws IOException {
    return model(SampleModel.model("final_result"));
  }

  private Path target() {
    return directory.resolve("saved");
  }

  private SavedModelBundle saved() {
    return SavedModelBundle.load(target().toString(), "serve");
  }

  private List<byte[]> images() throws IOException {
    SampleImages.write(directory.resolve("images"), 1, 4, Progress.NONE);
    List<byte[]> files = new ArrayList<>();
    for (String label : SampleImages.labels()) {
      files.add(
          Files.readAllBytes(directory.resolve("images/%s/%s_000.jpg".formatted(label, label))));
    }
    return files;
  }

  private static List<List<Prediction>> classified(ModelBundle model, List<byte[]> files)
      throws IOException, UnreadableImageException {
    List<List<Prediction>> classified = new ArrayList<>();
    try (ImageClassifier classifier = ImageClassifier.load(model.file())) {
      for (byte[] file : files) {
        classified.add(classifier.classify(file));
      }
    }
    return classified;
  }

  private static void assertLabelled(Result result, List<List<Prediction>> expected) {
    TString label = (TString) result.get("label").orElseThrow();
    TString labels = (TString) result.get("labels").orElseThrow();
    TFloat32 probabilities = (TFloat32) result.get("probabilities").orElseThrow();
    assertThat(label.shape()).isEqualTo(Shape.of(expected.size()));
    assertThat(labels.shape())
        .isEqualTo(Shape.of(expected.size(), SampleModel.LABELS.size()))
        .isEqualTo(probabilities.shape());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(label.getObject(i)).isEqualTo(expected.get(i).get(0).label());
      for (Prediction prediction : expected.get(i)) {
        int index = SampleModel.LABELS.indexOf(prediction.label());
        assertThat(labels.getObject(i, index)).isEqualTo(prediction.label());
        assertThat(probabilities.getFloat(i, index))
            .isCloseTo(prediction.probability(), within(1e-5f));
      }
    }
  }

  /** The second name is the scope of the added nodes. */
  @ParameterizedTest
  @ValueSource(strings = {"final_result", "serving"})
  void imagesAndFilesAreClassifiedAsByTheModel(String output) throws Exception {
    assertEqualsModel(model(SampleModel.model(output)));
  }

  /** Inception of 2015 is fed inside its graph, after its own decoder. */
  @Test
  void nodesBeforeTheInputAreRemoved() throws Exception {
    Backbone backbone = SampleModel.backbone();
    GraphDef.Builder graph = backbone.graph().toBuilder();
    NodeDef.Builder input =
        graph.getNodeBuilderList().stream()
            .filter(node -> (node.getName() + ":0").equals(backbone.input()))
            .findFirst()
            .orElseThrow();
    graph.addNode(input.clone().setName("raw"));
    input.setOp("Identity").addInput("raw").removeAttr("dtype").removeAttr("shape");
    input.putAttr("T", AttrValue.newBuilder().setType(DataType.DT_FLOAT).build());
    assertEqualsModel(
        model(
            SampleModel.model(
                new Backbone(
                    "fed within",
                    graph.build(),
                    "ab12",
                    backbone.input(),
                    backbone.bottlenecks(),
                    backbone.preprocessing()),
                "final_result")));
    try (SavedModelBundle saved = saved()) {
      assertThat(saved.graph().operation("raw")).isNull();
    }
  }

  private void assertEqualsModel(ModelBundle model) throws Exception {
    List<byte[]> files = images();
    List<List<Prediction>> expected = classified(model, files);

    assertThat(SavedModelWriter.write(model, target()))
        .containsExactly(
            new Signature("serving_default", "image_bytes", "string", List.of(-1L)),
            new Signature("images", "images", "float", List.of(-1L, 96L, 96L, 3L)));

    float[] decoded = new float[files.size() * 96 * 96 * 3];
    try (ImageDecoder decoder = new ImageDecoder(model.images().preprocessing())) {
      for (int i = 0; i < files.size(); i++) {
        System.arraycopy(decoder.decode(files.get(i)), 0, decoded, i * 96 * 96 * 3, 96 * 96 * 3);
      }
    }
    try (SavedModelBundle saved = saved();
        TString bytes =
            TString.tensorOfBytes(NdArrays.vectorOfObjects(files.toArray(byte[][]::new)));
        TFloat32 floats =
            TFloat32.tensorOf(Shape.of(files.size(), 96, 96, 3), DataBuffers.of(decoded));
        Result ofBytes = saved.function("serving_default").call(Map.of("image_bytes", bytes));
        Result ofFloats = saved.function("images").call(Map.of("images", floats));
        Result byAlias = saved.function("pictures").call(Map.of("pictures", floats))) {
      assertLabelled(ofBytes, expected);
      assertLabelled(ofFloats, expected);
      assertLabelled(byAlias, expected);
    }
  }

  @Test
  void vectorModelTakesVectors() throws IOException {
    float[] weights = {1, 0, 0, 0, 2, 0};
    ModelBundle model =
        model(
            SampleModel.model("final_result").toBuilder()
                .backbone(Optional.empty())
                .head(new Head(new DenseWeights(2, 3, weights, new float[3])))
                .build());

    assertThat(SavedModelWriter.write(model, target()))
        .containsExactly(
            new Signature("serving_default", "vectors", "float", List.of(-1L, 2L)),
            new Signature("vectors", "vectors", "float", List.of(-1L, 2L)));

    double sum = Math.exp(3) + Math.exp(8) + 1;
    List<Prediction> expected =
        List.of(
            new Prediction(SampleModel.LABELS.get(1), (float) (Math.exp(8) / sum)),
            new Prediction(SampleModel.LABELS.get(0), (float) (Math.exp(3) / sum)),
            new Prediction(SampleModel.LABELS.get(2), (float) (1 / sum)));
    try (SavedModelBundle saved = saved();
        TFloat32 vectors = TFloat32.tensorOf(Shape.of(1, 2), DataBuffers.of(3f, 4f));
        TFloat32 none = TFloat32.tensorOf(Shape.of(0, 2));
        Result result = saved.function("vectors").call(Map.of("vectors", vectors));
        Result byDefault = saved.call(Map.of("vectors", vectors));
        Result ofNone = saved.call(Map.of("vectors", none))) {
      assertLabelled(result, List.of(expected));
      assertLabelled(byDefault, List.of(expected));
      assertLabelled(ofNone, List.of());
    }
  }

  @Test
  void labelsAreAnAsset() throws IOException {
    ModelBundle model = model();
    SavedModelWriter.write(model, target());

    assertThat(Files.readAllLines(target().resolve("assets/labels.txt")))
        .isEqualTo(SampleModel.LABELS);
    try (SavedModelBundle saved = saved()) {
      MetaGraphDef meta = saved.metaGraphDef();
      AssetFileDef asset = meta.getAssetFileDef(0);
      assertThat(asset.getFilename()).isEqualTo("labels.txt");
      assertThat(meta.getCollectionDefOrThrow("saved_model_assets").getAnyList().getValueList())
          .extracting(SavedModelWriterTest::unpacked)
          .containsExactly(asset);
      String tensor = asset.getTensorInfo().getName();
      try (Result name = saved.session().runner().fetch(tensor).run()) {
        assertThat(((TString) name.get(0)).getObject()).isEqualTo("labels.txt");
      }
    }
  }

  private static AssetFileDef unpacked(com.google.protobuf.Any any) {
    try {
      return any.unpack(AssetFileDef.class);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void metadataIsIncluded() throws IOException {
    ModelBundle model = model();
    SavedModelWriter.write(model, target());
    assertThat(
            Json.mapper()
                .readValue(
                    target().resolve("assets.extra/retrain.json").toFile(), ModelMetadata.class))
        .isEqualTo(model.metadata());
  }

  @Test
  void writingIsDeterministic() throws IOException {
    ModelBundle model = model();
    SavedModelWriter.write(model, target());
    for (int i = 0; i < 3; i++) {
      SavedModelWriter.write(model, directory.resolve("again"));
      assertThat(directory.resolve("again/saved_model.pb"))
          .hasSameBinaryContentAs(target().resolve("saved_model.pb"));
    }
  }

  @Test
  void onlyASavedModelIsReplaced() throws IOException {
    ModelBundle model = model();
    Files.createDirectory(target());
    SavedModelWriter.write(model, target());
    Files.createFile(target().resolve("assets/old.txt"));
    SavedModelWriter.write(model, target());
    assertThat(target().resolve("assets/old.txt")).doesNotExist();

    Path precious = Files.createDirectory(directory.resolve("precious"));
    Path file = Files.createFile(precious.resolve("thesis.tex"));
    for (Path existing : List.of(precious, file)) {
      assertThatThrownBy(() -> SavedModelWriter.write(model, existing))
          .isInstanceOf(RetrainException.class)
          .hasMessageContaining(existing.toString());
    }
    assertThat(file).exists();
  }
}
