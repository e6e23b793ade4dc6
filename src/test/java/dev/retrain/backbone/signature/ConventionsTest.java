package dev.retrain.backbone.signature;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.backbone.signature.GraphSignature.Size;
import dev.retrain.backbone.signature.range.ColorOptions;
import dev.retrain.backbone.signature.range.ImageSample;
import dev.retrain.backbone.signature.range.RangeInference;
import dev.retrain.backbone.signature.range.ValueRange;
import dev.retrain.bottleneck.extract.FolderSample;
import dev.retrain.dataset.list.ImageList;
import dev.retrain.image.ChannelOrder;
import dev.retrain.image.Normalization;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.SharedData;
import dev.retrain.util.archive.TarExtractor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With no option given, a network's range of values and its feature tensor are found, and its
 * vectors equal those that Python computes as the network's author would.
 */
class ConventionsTest {
  private static final List<String> NAMES =
      List.of(
          "signed",
          "unit",
          "bytes",
          "torch",
          "caffe",
          "odd",
          "rescaling",
          "rescaling_unit",
          "rescaling_only",
          "normalization",
          "classes",
          "logits",
          "uint8",
          "uint8_twice",
          "vit",
          "vit_classes",
          "convnext",
          "convnext_classes",
          "signed_keras2",
          "lite0");

  private static final GraphSignature NOTHING = signature(FeatureSet.LAST, ColorOptions.NONE);

  @TempDir private static Path directory;
  private static Path images;
  private static JsonNode networks;

  @BeforeAll
  static void freeze() throws IOException {
    images = directory.resolve("images");
    SharedData.cifar10(images, 6);
    List<Object> arguments = new ArrayList<>(List.of(directory, lite0(), images));
    arguments.addAll(NAMES);
    networks = PythonClient.require().run("conventions.py", arguments.toArray());
  }

  private static Path lite0() throws IOException {
    Path target = directory.resolve("lite0");
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            GzipCompressorInputStream.builder()
                .setInputStream(
                    new BufferedInputStream(
                        Files.newInputStream(
                            SharedData.file("efficientnet_lite0_saved_model.tar.gz"))))
                .get())) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile()) {
          Path file = target.resolve(entry.getName()).normalize();
          Files.createDirectories(file.getParent());
          Files.copy(tar, file);
        }
      }
    }
    return target;
  }

  private static GraphSignature signature(FeatureSet features, ColorOptions colors) {
    return new GraphSignature(Optional.empty(), List.of(), features, Optional.empty(), colors);
  }

  private static JsonNode network(String name) {
    JsonNode network = networks.get(name);
    Assumptions.assumeFalse(network.has("missing"), () -> "Python lacks " + network.get("missing"));
    return network;
  }

  private static Backbone load(String name, GraphSignature signature, ImageSample sample)
      throws IOException {
    network(name);
    return BackboneLoader.load(directory.resolve(name + ".pb"), signature, false, sample);
  }

  private static Backbone load(String name) throws IOException {
    return load(name, NOTHING, new FolderSample(ImageList.of(images)));
  }

  private static List<float[]> vectors(Backbone backbone, int count) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(images)) {
      files = all.filter(Files::isRegularFile).sorted().limit(count).toList();
    }
    List<float[]> vectors = new ArrayList<>();
    try (ImageDecoder decoder = new ImageDecoder(backbone.preprocessing());
        BackboneSession session = BackboneSession.singleThreaded(backbone)) {
      for (Path file : files) {
        vectors.add(session.vectors(List.of(decoder.decode(Files.readAllBytes(file)))));
      }
    } catch (UnreadableImageException e) {
      throw new AssertionError(e);
    }
    return vectors;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          signed           | (value - 127.5) / 127.5 | range of color values -1,1: with it
          unit             | (value - 0.0) / 255.0   | range of color values 0,1: with it
          bytes            | (value - 0.0) / 1.0     | range of color values 0,255: with it
          caffe            | (value - [123.68,116.779,103.939]) / 1.0, channels in order BGR | BGR: with it
          rescaling        | (value - 0.0) / 1.0     | rescales its input itself
          rescaling_unit   | (value - 0.0) / 255.0   | rescales its input itself
          normalization    | (value - 0.0) / 1.0     | rescales its input itself
          classes          | (value - 127.5) / 127.5 | what enters the last dense layer
          logits           | (value - 0.0) / 255.0   | what enters the last dense layer
          uint8            | (value - 0.0) / 1.0     | the input is uint8
          uint8_twice      | (value - 0.0) / 1.0     | the input is uint8
          vit              | (value - 127.5) / 127.5 | the pooled output
          vit_classes      | (value - 127.5) / 127.5 | what enters the last dense layer
          convnext         | (value - 127.5) / 127.5 | the pooled output
          convnext_classes | (value - 127.5) / 127.5 | what enters the last dense layer
          signed_keras2    | (value - 127.5) / 127.5 | range of color values -1,1: with it
          """)
  void inferredVectorsEqualThoseOfPython(String name, String normalization, String reason)
      throws IOException {
    Backbone backbone = load(name);
    assertThat(backbone.preprocessing().normalization()).hasToString(normalization);
    assertThat(String.join(" ", backbone.inferred())).containsIgnoringCase(reason);
    assertVectors(name, backbone);
  }

  private static void assertVectors(String name, Backbone backbone) throws IOException {
    JsonNode expected = network(name).get("vectors");
    List<float[]> vectors = vectors(backbone, expected.size());
    assertThat(expected.size()).isEqualTo(3);
    for (int i = 0; i < vectors.size(); i++) {
      assertThat(vectors.get(i)).hasSize(expected.get(i).size());
      double largest = 0;
      double difference = 0;
      for (int j = 0; j < vectors.get(i).length; j++) {
        double value = expected.get(i).get(j).asDouble();
        largest = Math.max(largest, Math.abs(value));
        difference = Math.max(difference, Math.abs(vectors.get(i)[j] - value));
      }
      // A graph that takes uint8 is fed with rounded values.
      assertThat(difference / largest).as(name).isLessThan(1e-5);
    }
  }

  /** PyTorch's convention is told from the others only where images have the usual contrast. */
  @Test
  void torchIsFoundAndGivesPythonsVectors() throws IOException {
    Backbone backbone = load("torch");
    assertThat(backbone.preprocessing().normalization())
        .isEqualTo(ValueRange.TORCH.normalization());
    assertVectors("torch", backbone);
  }

  @Test
  void numbersOfEachChannelAreUsed() throws IOException {
    ColorOptions colors =
        new ColorOptions(
            List.of(100f, 110f, 120f), List.of(50f, 60f, 70f), Optional.empty(), Optional.empty());
    assertVectors("odd", load("odd", signature(FeatureSet.LAST, colors), ImageSample.NONE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"signed", "unit", "bytes", "caffe", "rescaling_unit"})
  void givenOptionsAreEqualToInferredOnes(String name) throws IOException {
    Backbone inferred = load(name);
    Normalization found = inferred.preprocessing().normalization();
    Backbone given =
        load(
            name,
            new GraphSignature(
                Optional.of(inferred.input()),
                inferred.bottlenecks(),
                FeatureSet.LAST,
                Optional.of(new Size(48, 48)),
                new ColorOptions(
                    found.mean(), found.std(), Optional.empty(), Optional.of(found.channels()))),
            ImageSample.NONE);
    assertThat(given.identity()).isEqualTo(inferred.identity());
    List<float[]> expected = vectors(inferred, 5);
    List<float[]> vectors = vectors(given, 5);
    for (int i = 0; i < 5; i++) {
      assertThat(vectors.get(i)).containsExactly(expected.get(i));
    }
  }

  @Test
  void orderOfTheImagesChangesNothing() throws IOException {
    List<byte[]> contents = new ArrayList<>(new FolderSample(ImageList.of(images)).read(32));
    List<String> inferred = load("unit", NOTHING, count -> contents).inferred();
    Collections.reverse(contents);
    assertThat(load("unit", NOTHING, count -> contents).inferred()).isEqualTo(inferred);
  }

  @Test
  void withoutImagesTheDefaultIsUsed() throws IOException {
    assertThat(load("unit", NOTHING, ImageSample.NONE).inferred())
        .last()
        .asString()
        .contains("-1,1: the default");
  }

  @Test
  void channelOrderIsKeptWhereTheRangeIsInferred() throws IOException {
    ColorOptions bgr =
        new ColorOptions(List.of(), List.of(), Optional.empty(), Optional.of(ChannelOrder.BGR));
    Backbone backbone =
        load("unit", signature(FeatureSet.LAST, bgr), new FolderSample(ImageList.of(images)));
    assertThat(backbone.preprocessing().normalization())
        .isEqualTo(Normalization.of(0, 255).with(ChannelOrder.BGR));
  }

  /** What the user, or TF Hub's convention, says against what the graph says. */
  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          signed         | 0,1   | range -1,1, not 0,1: the variance of 32 images at its first batch
          signed         | 0,255 | range -1,1, not 0,255: the variance
          signed         | -1,1  |
          signed         | hub   | range -1,1, not 0,1: the variance
          unit           | -1,1  | range 0,1, not -1,1: the variance
          unit           | 0,1   |
          unit           | hub   |
          bytes          | 0,1   | range 0,255, not 0,1: the variance
          rescaling      | -1,1  | range 0,255, not -1,1: it rescales its input itself, at
          rescaling      | 0,255 |
          rescaling_only | -1,1  | range 0,255, not -1,1: it rescales its input itself, at
          rescaling_only | 0,1   | range 0,255, not 0,1: it rescales its input itself, at
          rescaling_only | 0,255 |
          vit            | 0,255 |
          """)
  void contradictionsAreWarnedAbout(String name, String range, String warning) throws IOException {
    network(name);
    Backbone backbone = load(name);
    ColorOptions colors =
        new ColorOptions(List.of(), List.of(), ValueRange.parse(range), Optional.empty());
    RangeInference.Choice choice =
        new RangeInference(
                name,
                backbone.graph(),
                backbone.input(),
                false,
                range.equals("hub"),
                false,
                new FolderSample(ImageList.of(images)))
            .choose(colors, Normalization.of(127.5f, 127.5f), backbone.preprocessing());
    if (warning == null) {
      assertThat(choice.warning()).isEmpty();
    } else {
      assertThat(choice.warning().orElseThrow())
          .startsWith(name + " seems to accept color values in the ")
          .contains(warning);
    }
    assertThat(choice.normalization())
        .isEqualTo(
            ValueRange.parse(range.equals("hub") ? "0,1" : range).orElseThrow().normalization());
  }

  /** The first node of the arithmetic, whoever speaks of it. */
  @ParameterizedTest
  @ValueSource(strings = {"rescaling", "rescaling_only"})
  void choiceAndContradictionNameTheSameNode(String name) throws IOException {
    network(name);
    Backbone backbone = load(name);
    RangeInference inference =
        new RangeInference(
            name,
            backbone.graph(),
            backbone.input(),
            false,
            false,
            false,
            new FolderSample(ImageList.of(images)));
    List<String> nodes = new ArrayList<>();
    for (Optional<ValueRange> said :
        List.of(Optional.<ValueRange>empty(), ValueRange.parse("-1,1"))) {
      RangeInference.Choice choice =
          inference.choose(
              new ColorOptions(List.of(), List.of(), said, Optional.empty()),
              Normalization.of(127.5f, 127.5f),
              backbone.preprocessing());
      String text = choice.reason().or(choice::warning).orElseThrow();
      nodes.add(text.substring(text.indexOf("itself, at '")));
    }
    assertThat(nodes.get(0)).isEqualTo(nodes.get(1));
  }

  /** EfficientNet-Lite0 takes (x - 127) / 128. */
  @Test
  void rangeOfAGenuineNetworkIsFound() throws IOException {
    Backbone backbone = load("lite0");
    assertThat(backbone.preprocessing().normalization())
        .isEqualTo(Normalization.of(127.5f, 127.5f));
    assertThat(backbone.inferred())
        .last()
        .asString()
        .contains("with it, the variance of 32 images");
  }

  @Test
  void rangeOfThePublishedMobileNetIsFound() throws IOException {
    Path file = directory.resolve("mobilenet.pb");
    TarExtractor.extract(
        SharedData.file("mobilenet_v1_0.25_224_frozen.tgz"), "frozen_graph.pb", file);
    Backbone backbone =
        BackboneLoader.load(file, NOTHING, false, new FolderSample(ImageList.of(images)));
    assertThat(backbone.bottlenecks()).containsExactly("MobilenetV1/Logits/AvgPool_1a/AvgPool:0");
    assertThat(backbone.preprocessing().normalization())
        .isEqualTo(Normalization.of(127.5f, 127.5f));
    assertThat(backbone.inferred())
        .last()
        .asString()
        .contains("with it, the variance of 32 images");
  }
}
