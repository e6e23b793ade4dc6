package dev.retrain.backbone.registry;

import dev.retrain.backbone.registry.BackboneSpec.Layers;
import dev.retrain.backbone.registry.BackboneSpec.PublishedGraph;
import dev.retrain.fetch.RemoteFile;
import dev.retrain.image.Preprocessing;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The backbones that can be used by name. */
public final class BackboneRegistry {
  /** The name of the embedded backbone. */
  public static final String SCATTERING = "scattering";

  /** The name of the default backbone. */
  public static final String DEFAULT = "inception_v3";

  private static final String PUBLISHER =
      "https://storage.googleapis.com/download.tensorflow.org/models/";

  private static final List<BackboneSpec> ALL = all();

  private BackboneRegistry() {}

  /** All backbones, the embedded one first. */
  public static List<BackboneSpec> list() {
    return ALL;
  }

  /**
   * Finds a backbone.
   *
   * @param name a name or an alias; case is ignored, and {@code -} is equal to {@code _}
   */
  public static Optional<BackboneSpec> find(String name) {
    String wanted = normalized(name);
    return ALL.stream()
        .filter(
            spec ->
                Stream.concat(Stream.of(spec.name()), spec.aliases().stream())
                    .anyMatch(alias -> normalized(alias).equals(wanted)))
        .findFirst();
  }

  private static String normalized(String name) {
    return name.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  private static List<BackboneSpec> all() {
    List<BackboneSpec> all = new ArrayList<>();
    all.add(scattering());
    all.add(inception2015());
    all.add(inception2016());
    for (String width : List.of("1.0", "0.75", "0.50", "0.25")) {
      for (int size : List.of(224, 192, 160, 128)) {
        all.add(mobileNet(width, size));
      }
    }
    all.addAll(MobileNetV2.list());
    all.addAll(SlimNetworks.list());
    return List.copyOf(all);
  }

  private static BackboneSpec scattering() {
    return new BackboneSpec(
        SCATTERING,
        List.of(),
        "wavelet scattering network, embedded, needs no download",
        Optional.empty(),
        ScatteringGraph.INPUT,
        new Preprocessing(ScatteringGraph.SIZE, ScatteringGraph.SIZE, 127.5f, 127.5f),
        new Layers(List.of(ScatteringGraph.POOLED), 723),
        new Layers(List.of(ScatteringGraph.POOLED, ScatteringGraph.QUARTERS), 3615),
        new Layers(List.of(ScatteringGraph.QUARTERS), 2892));
  }

  private static BackboneSpec inception2015() {
    return new BackboneSpec(
        DEFAULT,
        List.of("inception_v3_2015", "inception-2015-12-05"),
        "Inception-V3 of December 2015, retrain.py's default",
        Optional.of(
            new PublishedGraph(
                archive(
                    "image/imagenet/inception-2015-12-05.tgz",
                    OptionalLong.of(88_931_400),
                    Optional.of(
                        "f6b539e07358fc4622efdd40cdb5577672c46cd416bbfccf9d4d2438f9b93a1c")),
                "classify_image_graph_def.pb",
                Optional.of("009d6814d1bc560d4e7b236e170e9b2d5ca6f4b57bd8037f6db05776204415c6"))),
        "Mul:0",
        new Preprocessing(299, 299, 128, 128),
        new Layers(List.of("pool_3:0"), 2048),
        new Layers(List.of("mixed_2/join:0", "mixed_7/join:0", "mixed_8/join:0", "pool_3:0"), 4384),
        quartered(
            List.of("mixed_2/join:0", "mixed_7/join:0", "mixed_8/join:0", "mixed_10/join:0"),
            4384));
  }

  private static BackboneSpec inception2016() {
    return new BackboneSpec(
        "inception_v3_2016",
        List.of("inception_v3_2016_08_28"),
        "Inception-V3 of August 2016",
        Optional.of(
            new PublishedGraph(
                archive(
                    "inception_v3_2016_08_28_frozen.pb.tar.gz",
                    OptionalLong.of(88_668_554),
                    Optional.of(
                        "7045b72a954af4dce36346f478610acdccbf149168fa25c78e54e32f0c723d6d")),
                "inception_v3_2016_08_28_frozen.pb",
                Optional.empty())),
        "input:0",
        new Preprocessing(299, 299, 127.5f, 127.5f),
        new Layers(List.of("InceptionV3/Logits/AvgPool_1a_8x8/AvgPool:0"), 2048),
        new Layers(
            List.of(
                "InceptionV3/InceptionV3/Mixed_5d/concat:0",
                "InceptionV3/InceptionV3/Mixed_6e/concat:0",
                "InceptionV3/InceptionV3/Mixed_7a/concat:0",
                "InceptionV3/Logits/AvgPool_1a_8x8/AvgPool:0"),
            4384),
        quartered(
            List.of(
                "InceptionV3/InceptionV3/Mixed_5d/concat:0",
                "InceptionV3/InceptionV3/Mixed_6e/concat:0",
                "InceptionV3/InceptionV3/Mixed_7a/concat:0",
                "InceptionV3/InceptionV3/Mixed_7c/concat:0"),
            4384));
  }

  private static BackboneSpec mobileNet(String width, int size) {
    String name = String.format(Locale.ROOT, "mobilenet_v1_%s_%d", width, size);
    List<String> layers =
        Stream.of(5, 7, 9, 11, 12, 13)
            .map(i -> "MobilenetV1/MobilenetV1/Conv2d_" + i + "_pointwise/Relu6:0")
            .toList();
    boolean hasChecksum = name.equals("mobilenet_v1_0.25_224");
    return new BackboneSpec(
        name,
        List.of(String.format(Locale.ROOT, "mobilenet_%s_%d", width, size)),
        String.format(Locale.ROOT, "MobileNet v1, %s of its width, %d pixels", width, size),
        Optional.of(
            new PublishedGraph(
                archive(
                    name + "_frozen.tgz",
                    hasChecksum ? OptionalLong.of(2_621_521) : OptionalLong.empty(),
                    hasChecksum
                        ? Optional.of(
                            "1cddeede49eb35af36061aaa66bf643b81f7ea89abc85f6ffef8f0bf00891756")
                        : Optional.empty()),
                "frozen_graph.pb",
                Optional.empty())),
        "input:0",
        new Preprocessing(size, size, 127.5f, 127.5f),
        new Layers(List.of("MobilenetV1/Logits/AvgPool_1a/AvgPool:0"), scaled(1024, width)),
        new Layers(layers, scaled(3840, width)),
        quartered(layers, scaled(3840, width)));
  }

  private static Layers quartered(List<String> tensors, int channels) {
    return new Layers(tensors.stream().map(tensor -> tensor + "@2x2").toList(), 4 * channels);
  }

  private static int scaled(int channels, String width) {
    return (int) (channels * Double.parseDouble(width));
  }

  private static RemoteFile archive(String path, OptionalLong bytes, Optional<String> sha256) {
    return new RemoteFile(
        path.substring(path.lastIndexOf('/') + 1), URI.create(PUBLISHER + path), bytes, sha256);
  }
}
