package dev.retrain.backbone.registry;

import dev.retrain.backbone.registry.BackboneSpec.Layers;
import dev.retrain.backbone.registry.BackboneSpec.PublishedGraph;
import dev.retrain.fetch.RemoteFile;
import dev.retrain.image.Preprocessing;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Networks of TensorFlow's model garden (research/slim) that are published as frozen graphs. All
 * accept values of -1 to 1.
 */
final class SlimNetworks {
  private static final String MODELS =
      "https://storage.googleapis.com/download.tensorflow.org/models/";
  private static final String LITE = MODELS + "tflite/model_zoo/upload_20180427/";
  private static final String V3 = "https://storage.googleapis.com/mobilenet_v3/checkpoints/";

  private SlimNetworks() {}

  /** A layer and its number of channels. */
  private record Layer(String name, int channels) {}

  static List<BackboneSpec> list() {
    return List.of(
        inception1(), inception4(), inceptionResNet2(), nasNetMobile(), large(), small());
  }

  private static BackboneSpec inception1() {
    String file = "inception_v1_2016_08_28_frozen.pb";
    String scope = "InceptionV1/InceptionV1/";
    return spec(
        "inception_v1",
        "Inception-V1 (GoogLeNet) of August 2016",
        224,
        new PublishedGraph(
            archive(MODELS + file + ".tar.gz", OptionalLong.empty(), null), file, Optional.empty()),
        // The name of the pooling differs between versions; its values are the average of this.
        new Layer(scope + "Mixed_5c/concat", 1024),
        List.of(
            new Layer(scope + "Mixed_3c/concat", 480),
            new Layer(scope + "Mixed_4f/concat", 832),
            new Layer(scope + "Mixed_5c/concat", 1024)));
  }

  private static BackboneSpec inception4() {
    String scope = "InceptionV4/InceptionV4/";
    return spec(
        "inception_v4",
        "Inception-V4 of April 2018",
        299,
        new PublishedGraph(
            archive(
                LITE + "inception_v4_2018_04_27.tgz",
                OptionalLong.empty(),
                "305e45035c690f7a064b5babe27ea68a4e6da5819147c7c94319963c6f256467"),
            "inception_v4.pb",
            Optional.empty()),
        new Layer("InceptionV4/Logits/AvgPool_1a/AvgPool", 1536),
        List.of(
            new Layer(scope + "Mixed_5e/concat", 384),
            new Layer(scope + "Mixed_6h/concat", 1024),
            new Layer(scope + "Mixed_7d/concat", 1536)));
  }

  private static BackboneSpec inceptionResNet2() {
    String scope = "InceptionResnetV2/InceptionResnetV2/";
    return spec(
        "inception_resnet_v2",
        "Inception-ResNet-V2 of April 2018",
        299,
        new PublishedGraph(
            archive(
                LITE + "inception_resnet_v2_2018_04_27.tgz",
                OptionalLong.of(225_882_079),
                "fb16b93ff2b2bcda0da5cdfd25a8d5b8b74438943dae738db659bad0d3d48ff1"),
            "inception_resnet_v2.pb",
            Optional.empty()),
        new Layer("InceptionResnetV2/Logits/AvgPool_1a_8x8/AvgPool", 1536),
        List.of(
            new Layer(scope + "Mixed_5b/concat", 320),
            new Layer(scope + "Mixed_6a/concat", 1088),
            new Layer(scope + "Mixed_7a/concat", 2080),
            new Layer(scope + "Conv2d_7b_1x1/Relu", 1536)));
  }

  private static BackboneSpec nasNetMobile() {
    return spec(
        "nasnet_mobile",
        "NASNet-A mobile of April 2018",
        224,
        new PublishedGraph(
            archive(
                LITE + "nasnet_mobile_2018_04_27.tgz",
                OptionalLong.empty(),
                "b3a3c5471f23f165e49fe0c2e56a3c503eeaa6f85d97f22369e3c36088e127c5"),
            "nasnet_mobile.pb",
            Optional.empty()),
        new Layer("final_layer/Mean", 1056),
        List.of(
            new Layer("cell_3/cell_output/concat", 264),
            new Layer("cell_7/cell_output/concat", 528),
            new Layer("cell_11/cell_output/concat", 1056)));
  }

  private static BackboneSpec large() {
    return mobileNet3(
        "large",
        "9be8563f92022f412c82f2811d670888d6db998e2da9af3e71415fdde2f4f504",
        960,
        List.of(block(5, 40), block(11, 112), block(14, 160)));
  }

  private static BackboneSpec small() {
    return mobileNet3(
        "small",
        "e60ad9f450f892ae56f8b9122ffc750d88940d9e6b63f6dc70649179fb3a9065",
        576,
        List.of(block(2, 24), block(7, 48), block(10, 96)));
  }

  private static Layer block(int index, int channels) {
    return new Layer("MobilenetV3/expanded_conv_" + index + "/output", channels);
  }

  private static BackboneSpec mobileNet3(
      String variant, String sha256, int channels, List<Layer> blocks) {
    String file = "v3-" + variant + "_224_1.0_float";
    Layer pooled = new Layer("MobilenetV3/AvgPool2D/AvgPool", channels);
    Layers multi = layers(Stream.concat(blocks.stream(), Stream.of(pooled)).toList(), "", 1);
    BackboneSpec spec =
        spec(
            "mobilenet_v3_" + variant,
            "MobileNet v3 " + variant + ", 224 pixels",
            224,
            new PublishedGraph(
                archive(V3 + file + ".tgz", OptionalLong.empty(), sha256),
                file + ".pb",
                Optional.empty()),
            pooled,
            blocks);
    return new BackboneSpec(
        spec.name(),
        List.of(file),
        spec.description(),
        spec.published(),
        spec.input(),
        spec.preprocessing(),
        spec.last(),
        multi,
        spec.grid());
  }

  private static BackboneSpec spec(
      String name,
      String description,
      int size,
      PublishedGraph published,
      Layer last,
      List<Layer> multi) {
    return new BackboneSpec(
        name,
        List.of(),
        description,
        Optional.of(published),
        "input:0",
        new Preprocessing(size, size, 127.5f, 127.5f),
        layers(List.of(last), "", 1),
        layers(multi, "", 1),
        layers(multi, "@2x2", 4));
  }

  private static Layers layers(List<Layer> layers, String grid, int cells) {
    List<String> tensors = new ArrayList<>();
    int length = 0;
    for (Layer layer : layers) {
      tensors.add(layer.name() + ":0" + grid);
      length += cells * layer.channels();
    }
    return new Layers(tensors, length);
  }

  private static RemoteFile archive(String address, OptionalLong bytes, String sha256) {
    return new RemoteFile(
        address.substring(address.lastIndexOf('/') + 1),
        URI.create(address),
        bytes,
        Optional.ofNullable(sha256));
  }
}
