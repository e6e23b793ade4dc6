package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.model.ModelFiles;
import dev.retrain.model.ModelWriter;
import dev.retrain.testing.Graphs;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.SampleModel;
import dev.retrain.testing.SharedData;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

class ModelsDescribeCommandTest {
  @TempDir private Path directory;

  @Test
  void mobileNetEqualsTensorFlowsStatistics() throws IOException {
    Path store = SharedData.mobileNetDirectory(directory.resolve("models"));
    String name = "mobilenet_v1_0.25_224";
    assertThat(Cli.run("models", "fetch", name, "--model-dir", store).code()).isZero();
    JsonNode python =
        PythonClient.require()
            .run("describe_graph.py", store.resolve(name).resolve("frozen_graph.pb"), 224, 224);
    Cli cli = Cli.run("models", "describe", name, "--model-dir", store, "--json");
    assertThat(cli.code()).as(cli.err()).isZero();
    JsonNode ours = cli.json();
    assertThat(ours.get("ops")).isEqualTo(python.get("ops"));
    assertThat(ours.get("parameters")).isEqualTo(python.get("parameters"));
    assertThat(ours.get("multiply_adds")).isEqualTo(python.get("multiply_adds"));
    long inBlocks = 0;
    for (JsonNode block : ours.get("blocks")) {
      inBlocks += block.get("multiply_adds").asLong();
    }
    assertThat(inBlocks).isEqualTo(ours.get("multiply_adds").asLong());
    // 13 pairs of depthwise and pointwise convolutions, the first one and the classifier.
    assertThat(ours.get("blocks")).hasSize(28);
    assertThat(ours.get("features").findValuesAsText("tensor"))
        .contains("MobilenetV1/Logits/AvgPool_1a/AvgPool:0")
        .contains("MobilenetV1/MobilenetV1/Conv2d_11_pointwise/Relu6:0");
    assertThat(ours.get("backbone").get("height").asInt()).isEqualTo(224);
    assertThat(ours.get("refused").isNull()).isTrue();
    // Kernels, and two values for each of their channels.
    assertThat(ours.get("fine_tuning").get("parameters").asLong()).isEqualTo(213072L);
    assertThat(ours.get("fine_tuning").get("default_parameters").asLong()).isEqualTo(210400L);

    Cli text = Cli.run("models", "describe", name, "--model-dir", store);
    assertThat(text.out())
        .contains("As a backbone: input input:0, images of 224 x 224, (value - 127.5) / 127.5")
        .contains(
            "Fine-tuning: 14 blocks with 213,072 parameters can be trained; by default, the last 10"
                + " with 210,400 parameters are.")
        .contains("Guard: every op, loop and size is accepted.");
  }

  @Test
  void signaturesOfASavedModelAreListed() throws IOException {
    Path networks = directory.resolve("networks");
    Files.createDirectories(networks);
    PythonClient.require().run("write_networks.py", networks);
    for (String path : new String[] {"saved", "saved/saved_model.pb"}) {
      Cli cli = Cli.run("models", "describe", networks.resolve(path), "--json");
      assertThat(cli.code()).as(cli.err()).isZero();
      JsonNode graph = cli.json().get("graphs").get(0);
      assertThat(graph.get("tags").get(0).asText()).isEqualTo("serve");
      JsonNode signature = graph.get("signatures").get("serving_default");
      assertThat(signature.get("inputs").findValue("shape").toString()).isEqualTo("[-1,16,16,3]");
      assertThat(signature.get("outputs").findValue("shape").toString()).isEqualTo("[-1,2]");
      assertThat(signature.get("outputs").findValue("type").asText()).isEqualTo("float32");
    }
    assertThat(Cli.run("models", "describe", networks.resolve("saved")).out())
        .contains("is a SavedModel", "Signature serving_default", "float32 [?, 16, 16, 3]");
  }

  @Test
  void whatIsNoNetworkIsExplained() {
    Cli unknown = Cli.run("models", "describe", "scatering");
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.err()).contains("nor the name of a known backbone. Check the spelling.");
    assertThat(Cli.run("models", "describe", directory).err())
        .contains("a SavedModel with --saved-model of 'retrain train'.");
  }

  @Test
  void frozenGraphInAnotherOptionIsExplained() throws IOException {
    Path file = Files.write(directory.resolve("graph.pb"), Graphs.meanColour(8, 8).toByteArray());
    Path images = directory.resolve("images");
    SampleImages.write(images, 4, 1, Progress.NONE);
    for (String option : new String[] {"--backbone", "--saved-model"}) {
      assertThat(Cli.run("train", "--image-dir", images, option, file, "--dry-run").err())
          .contains("is not a SavedModel: it is a frozen graph. Set --graph to " + file + ".");
    }
  }

  @Test
  void refusedGraphSaysWhy() throws IOException {
    GraphDef graph =
        Graphs.meanColour(8, 8).toBuilder()
            .addNode(NodeDef.newBuilder().setName("file").setOp("ReadFile").addInput("^pool"))
            .build();
    Path file = Files.write(directory.resolve("graph.pb"), graph.toByteArray());
    Cli cli = Cli.run("models", "describe", file, "--json");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.json().get("refused").asText()).contains("ReadFile", "reads or writes files");
    assertThat(cli.json().get("shapes_problem").asText()).contains("refused");
    assertThat(cli.json().get("model").get("problem").asText()).contains("ReadFile");
  }

  @Test
  void trainedModelIsRecognized() throws IOException {
    Path model = directory.resolve("output_graph.pb");
    ModelWriter.write(
        new ModelFiles(model, directory.resolve("output_labels.txt")),
        SampleModel.model("final_result"));
    Cli cli = Cli.run("models", "describe", model, "--json");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.json().get("model").get("summary").asText()).contains("by its metadata");
    assertThat(Cli.run("models", "describe", model, "--write").code()).isEqualTo(1);
    // An interrupted training may have left the labels of another one.
    Files.delete(directory.resolve("output_graph.json"));
    assertThat(Cli.run("predict", model, directory).err())
        .contains("written by this tool", "output_graph.json doesn't exist", "--labels");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none.pb", "mobilenet_v1_1.0_224", "https://tfhub.dev/google/x/1"})
  void whatIsNotThereIsAnError(String name) {
    Cli cli = Cli.run("models", "describe", name, "--model-dir", directory);
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains(name).hasLineCount(1);
  }
}
