package dev.retrain.backbone.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.retrain.backbone.format.FileFormats.Expected;
import dev.retrain.testing.Graphs;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.OpList;
import org.tensorflow.proto.SavedModel;

/** Files that are no frozen graph are named by their content, whatever their names are. */
class FileFormatsTest {
  private static final GraphDef GRAPH = Graphs.meanColour(8, 8);

  @TempDir private Path directory;

  private static byte[] bytes(String characters) {
    return characters.getBytes(ISO_8859_1);
  }

  private static byte[] zip(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes("content"));
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] encryptedZip() throws IOException {
    byte[] zip = zip("frozen.pb");
    // Bit 0 of the flags, in the local header and in the directory.
    zip[6] |= 1;
    int central = new String(zip, ISO_8859_1).indexOf("PK\u0001\u0002");
    zip[central + 8] |= 1;
    return zip;
  }

  private static byte[] tar(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (String name : names) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(7);
        tar.putArchiveEntry(entry);
        tar.write(bytes("content"));
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    }
    return bytes.toByteArray();
  }

  private static MetaGraphDef metaGraph() {
    MetaGraphDef.Builder meta = MetaGraphDef.newBuilder().setGraphDef(GRAPH);
    meta.getMetaInfoDefBuilder()
        .addTags("serve")
        .setTensorflowVersion("2.18.0")
        .setStrippedOpList(OpList.newBuilder().addOp(OpDef.newBuilder().setName("Relu")));
    return meta.build();
  }

  /** ir_version, producer_name, graph and opset_import of a ModelProto. */
  private static byte[] onnx() {
    return bytes("\b\u0007\u0012\u0007pytorch\u001a\u00032.1:\u0004\n\u0002ab" + "B\u0002\u0010\r");
  }

  private static Arguments file(String name, byte[] content, Object... settingsAndContained) {
    List<Object> rest = List.of(settingsAndContained);
    return arguments(
        name,
        content,
        rest.stream().filter(Setting.class::isInstance).toList(),
        rest.stream().filter(String.class::isInstance).toList());
  }

  private static Stream<Arguments> files() throws IOException {
    Setting saved = Setting.SAVED_MODEL;
    Setting graph = Setting.GRAPH;
    byte[] whole = GRAPH.toByteArray();
    return Stream.of(
        file(
            "hdf5",
            bytes("\u0089HDF\r\n\u001a\n...model_config"),
            saved,
            "Keras model (HDF5, .h5)"),
        file("hdf5 of weights", bytes("\u0089HDF\r\n\u001a\n..."), saved, "weights", "HDF5"),
        file("hdf5 at 512", bytes("\0".repeat(512) + "\u0089HDF\r\n\u001a\n"), saved, "HDF5"),
        file("keras", zip("metadata.json", "config.json"), saved, "(.keras)", "model.export"),
        file("tflite", bytes("\u001c\0\0\0TFL3\0\0"), saved, graph, "TensorFlow Lite"),
        file("onnx", onnx(), saved, "ONNX", "onnx2tf"),
        file("torch", zip("net/data.pkl", "net/data/0"), saved, "PyTorch", "torch.onnx.export"),
        file("torchscript", zip("net/data.pkl", "net/constants.pkl"), saved, "TorchScript"),
        file("old torch", bytes("\u0080\u0002\u008a\nl\u00fc"), saved, "pickle", ".pth"),
        file("safetensors", bytes("@\0\0\0\0\0\0\0{\"w\":{}}"), saved, "safetensors", "weights"),
        file("npz", zip("w.npy"), saved, ".npz"),
        file("index", bytes("\0\0abcW\u00fb\u0080\u008b$uG\u00db"), saved, "index", "checkpoint"),
        file("m.data-00000-of-00001", bytes("\u0001\u0002"), saved, "data", "checkpoint"),
        file("checkpoint", bytes("model_checkpoint_path: \"m\"\n"), saved, "list of checkpoints"),
        file("meta", metaGraph().toByteArray(), saved, "MetaGraphDef", "freeze_graph"),
        file("text meta", bytes("meta_info_def {\n}\n"), saved, "MetaGraphDef", "text"),
        file(
            "saved_model",
            SavedModel.newBuilder()
                .setSavedModelSchemaVersion(1)
                .addMetaGraphs(metaGraph())
                .build()
                .toByteArray(),
            saved,
            "file of a SavedModel"),
        file("text saved", bytes("saved_model_schema_version: 1\n"), saved, "SavedModel (in text"),
        file("empty", new byte[0], "an empty file"),
        file("web page", bytes("\n<!DOCTYPE html><html>"), "web page", "Download"),
        file("xml", bytes("<?xml version='1.0'?><Error>"), "XML", "Download"),
        file("lfs", bytes("version https://git-lfs.github.com/spec/v1\n"), "git lfs pull"),
        file("annex", bytes("/annex/objects/SHA256E-s1--a.pb\n"), "git annex get"),
        file("pgp", bytes("-----BEGIN PGP MESSAGE-----\n"), "encrypted", "Decrypt"),
        file("openssl", bytes("Salted__\u0001\u0002"), "encrypted by OpenSSL"),
        file("encrypted zip", encryptedZip(), "encrypted zip"),
        file(
            "tgz of a graph", gzip(tar("n/frozen_graph.pb")), graph, "n/frozen_graph.pb", "tar.gz"),
        file("tar of a graph", tar("a.ckpt.meta", "f.pb"), graph, "a tar archive", "f.pb"),
        file("zip of a graph", zip("imagenet.txt", "graph.pb"), graph, "graph.pb"),
        file("tgz of a SavedModel", gzip(tar("1/saved_model.pb")), saved, "holds a SavedModel"),
        file("tgz of a checkpoint", gzip(tar("resnet.ckpt")), saved, "holds a checkpoint"),
        file(
            "zip of images",
            zip("a/readme.txt", "a/cat/1.JPG"),
            Setting.IMAGE_DIRECTORY,
            "a zip archive of images, such as a/cat/1.JPG"),
        file("tgz of images", gzip(tar("a/cat/1.png")), Setting.IMAGE_DIRECTORY, "of images"),
        file("tar of texts", tar("a/b.txt"), graph, saved, "without a network", "file is a/b.txt"),
        file("zip of a Keras model", zip("a/m.h5"), graph, saved, "a zip archive", "Unpack it"),
        file("empty zip", zip(), "an empty archive", "Download"),
        file("gzip", gzip(whole), graph, saved, "compressed by gzip", "Unpack"),
        file("cut gzip", bytes("\u001f\u008b\b\0"), "damaged or incomplete gzip", "Download"),
        file("cut zip", bytes("PK\u0003\u0004abc"), "damaged or incomplete zip"),
        file("bzip2", bytes("BZh91AY"), graph, saved, "bzip2"),
        file("jpeg", bytes("\u00ff\u00d8\u00ff\u00e0"), "an image (JPEG)"),
        file("events", bytes("\u0018\0\0\0\0\0\0\0abcdbrain.Event:2"), "TensorBoard"),
        file("npy", bytes("\u0093NUMPY\u0001"), "NumPy"),
        file("metadata", bytes("{\"graph_sha256\": \"\"}"), "metadata of a trained model", ".pb"),
        file("keras json", bytes("{\"class_name\": \"Functional\"}"), saved, "without weights"),
        file("tfjs", bytes("{\"modelTopology\": {}}"), saved, graph, "TensorFlow.js"),
        file("text", bytes("hello\n"), "a text file"),
        file("cut graph", Arrays.copyOf(whole, whole.length - 9), "incomplete", "download"),
        file("noise", bytes("\u0001\u0002\u0003\u0004"), "not a frozen TensorFlow graph"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void fileIsNamed(String name, byte[] content, List<Setting> settings, List<String> contained)
      throws IOException {
    Path file = Files.write(directory.resolve(name), content);
    assertThatThrownBy(() -> GraphFile.read(file, Expected.FROZEN_GRAPH))
        .isInstanceOfSatisfying(
            RetrainException.class,
            e -> {
              assertThat(e).hasMessageStartingWith(file + " is not a frozen ");
              assertThat(e).hasMessageContainingAll(contained.toArray(String[]::new));
              assertThat(e.settings()).hasSameElementsAs(settings);
            });
    if (!name.equals("noise")) {
      assertThat(FileFormats.explain(file, Expected.TRAINED_MODEL).orElseThrow())
          .hasMessageStartingWith(file + " is not the graph of a trained model: it is ")
          .hasMessageEndingWith(
              " Choose the graph that the training wrote, such as output_graph.pb.");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://tfhub.dev/google/imagenet/mobilenet_v2_100_224/feature_vector/5, TensorFlow Hub",
    "tfhub.dev/google/nnlm, TensorFlow Hub",
    "https://www.kaggle.com/models/google/mobilenet-v2/tensorFlow2/100, Kaggle",
    "google/mobilenet-v2/tensorFlow2/100-224-feature-vector, handle of a Kaggle",
    "google/mobilenet-v2/TensorFlow2/100-224-feature-vector/2, handle of a Kaggle",
    "keras/resnetv1/keras/resnet_50_imagenet, handle of a Kaggle",
    "gs://bucket/model, address",
    "hf://user/model, address",
  })
  void remoteNameIsNamed(String name, String kind) throws IOException {
    RetrainException named = FileFormats.explainName(name, Expected.FROZEN_GRAPH).orElseThrow();
    assertThat(named).hasMessageContainingAll(name, kind, "Nothing is downloaded");
    assertThat(named.settings()).containsExactly(Setting.SAVED_MODEL);
    assertThat(FileFormats.explain(Path.of(name), Expected.FROZEN_GRAPH)).isPresent();
  }

  @Test
  void directoriesAreNamed() throws IOException {
    Path saved = Files.createDirectories(directory.resolve("saved"));
    assertExplained(saved, "an empty directory");
    Files.write(saved.resolve("saved_model.pb"), new byte[] {8, 1});
    assertExplained(saved, "it is a SavedModel", saved.toString());
    assertExplained(directory, "a directory around a SavedModel", saved.toString());
    assertThat(FileFormats.explain(saved, Expected.SAVED_MODEL)).isEmpty();
    Path checkpoints = Files.createDirectories(directory.resolve("checkpoints"));
    Files.write(checkpoints.resolve("ckpt-1.index"), new byte[1]);
    assertExplained(checkpoints, "a directory of checkpoints");
    assertExplained(checkpoints.resolve("ckpt-1"), "the prefix of a TensorFlow checkpoint");
    Path graphs = Files.createDirectories(directory.resolve("graphs"));
    Files.write(graphs.resolve("frozen.pb"), GRAPH.toByteArray());
    assertExplained(graphs, "it is a directory", graphs.resolve("frozen.pb").toString());
  }

  private static void assertExplained(Path path, String... contained) throws IOException {
    assertThat(FileFormats.explain(path, Expected.FROZEN_GRAPH).orElseThrow())
        .hasMessageContainingAll(contained);
  }

  @Test
  void frozenGraphIsNamedWhereASavedModelIsExpected() throws IOException {
    Path binary = Files.write(directory.resolve("frozen.pb"), GRAPH.toByteArray());
    Path text = Files.writeString(directory.resolve("frozen.pbtxt"), GRAPH.toString());
    for (Path file : List.of(binary, text)) {
      RetrainException e = FileFormats.explain(file, Expected.SAVED_MODEL).orElseThrow();
      assertThat(e).hasMessageStartingWith(file + " is not a SavedModel: it is a frozen graph.");
      assertThat(e.settings()).containsExactly(Setting.GRAPH);
      assertThat(FileFormats.explain(file, Expected.FROZEN_GRAPH)).isEmpty();
    }
  }

  @Test
  void textIsReadAsItsBinaryForm() throws IOException {
    Path text =
        Files.writeString(
            directory.resolve("graph"), "\n# a comment, not a {\n" + GRAPH + "\nversion: 3\n");
    GraphFile read = GraphFile.read(text, Expected.FROZEN_GRAPH);
    assertThat(read.graph().getNodeList()).isEqualTo(GRAPH.getNodeList());
    assertThat(read.sha256()).hasSize(64);
  }

  @ParameterizedTest
  @CsvSource({
    "'node {\n  name: \"a\"\n  op: \"Const\n}', line 3",
    "'node {\n  name: \"a\"\n  nam: 1\n}', 'line 3, column 3'",
    "'versions {\n  producer: 1\n}', without nodes",
    "DEEP, nested more than 100 levels",
  })
  void damagedTextIsAnError(String text, String contained) throws IOException {
    String content = text.equals("DEEP") ? "node {".repeat(100_000) : text;
    Path file = Files.writeString(directory.resolve("graph.pbtxt"), content);
    assertThatThrownBy(() -> GraphFile.read(file, Expected.FROZEN_GRAPH))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll(file.toString(), contained);
  }
}
