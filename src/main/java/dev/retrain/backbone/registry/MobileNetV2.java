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
import java.util.stream.IntStream;

/**
 * MobileNet v2 as TensorFlow's model garden publishes it (research/slim/nets/mobilenet): archives
 * with a checkpoint and its frozen graph.
 */
final class MobileNetV2 {
  private static final String PUBLISHER =
      "https://storage.googleapis.com/mobilenet_v2/checkpoints/";

  /** SHA-256 of the archives by width and size. */
  private static final String CHECKSUMS =
      "1.4_224=a20d0c8d698502dc6a620528871c97a588885df7737556243a3412b39fce85e0 "
          + "1.3_224=b04129d44a46e0eb409c1a2bc255472ebdd57f9c091812e7866d79d0cc7fecaa "
          + "1.0_224=318084bc1b63d6d7b854553e09cdf77078b1c0168be27c59a0d44253b5ed49dc "
          + "1.0_192=e8d9cd7c571f375c80945b5f889705ae412db32d3419d747e796429e39132f48 "
          + "1.0_160=e374bc70066dde0c3af6cb4c98ecd8707800d71d11353c4cc359b3069415f23e "
          + "1.0_128=f692e341cf1529df4f7e68ed13d0284ad8796ade1108f802eec135abc1fc1b83 "
          + "1.0_96=8f0377b71d79f5626c5198f248b476d2604b3e4e596ca4076e1b1f8fcd3f3844 "
          + "0.75_224=335cd22c7e1c5e80205dedd6e2ff5d1d8af5c29074496eb047fd621349e10cc5 "
          + "0.75_192=40efef9324376d47b872d1cd6e4de8ba7c9323b6203252aa66dc2b2413e0dc8d "
          + "0.75_160=904d1a1f84c329ad766464d132f697e96814685853c45c6ee4dd21877ada36bc "
          + "0.75_128=9ac932679a9fb1304bc1435bb7fa30e1b2fcaa7f49e0902da24d154ec83f9302 "
          + "0.75_96=bdf06eec5478dbb1bb9e01648637d8acd4cc500f72e1a3dad01ba45642e31e6f "
          + "0.5_224=813febbdbe2a7a50055ee2f6b374938aed03e2f607f63f3479622aefc4e12b00 "
          + "0.5_192=5a344ed91cded5d420b6c65d47343ee60b43b570953b0feed4ee95451a679dd5 "
          + "0.5_160=f89c879b1a45c5d677ad7fe499f08a7854ef1772f0f5ae5d606afaaa87218e45 "
          + "0.5_128=ba078efd101c2308fb978467084f0ec12485ed8bfbb7695e477587b3272a1d66 "
          + "0.5_96=71a814047d7729bad711ae3e7db30e6c32999a1189f88d328b73939f7aa80d62 "
          + "0.35_224=efcc34277c52f7dd4b0b26c2f52686793f4ea5fdddc899ac5aac9eb8d5861550 "
          + "0.35_192=5dec603e2714a780c3cfc0656dac51bf2f4b354c4f7acda879ad5b6017f3f55b "
          + "0.35_160=e579b5b50f47e88dc0c4390d20a396658b97457182f83905154a8a687ba15fa7 "
          + "0.35_128=c21a8f89e2e1a49e9002b1e1b871f3c92695ccb0cd64e7e7a21b71f2820beddb "
          + "0.35_96=282996bca7d799d0172ce5d34ac59dea497c4c75f069a8b466bb944c6f843353 ";

  /** The archives contain more than the graph: about 78 MB for 14 MB. */
  private static final long BYTES_1_0_224 = 78_306_834;

  private static final List<String> MULTI =
      List.of("expanded_conv_5/output", "expanded_conv_12/output", "expanded_conv_16/output");

  /** Channels of {@link #MULTI} at width 1.0. */
  private static final List<Integer> CHANNELS = List.of(32, 96, 320);

  private static final int LAST_CHANNELS = 1280;
  private static final int DIVISOR = 8;

  private MobileNetV2() {}

  static List<BackboneSpec> list() {
    List<BackboneSpec> all = new ArrayList<>();
    for (String entry : CHECKSUMS.strip().split(" ", -1)) {
      String[] parts = entry.split("=", -1);
      String[] variant = parts[0].split("_", -1);
      all.add(spec(variant[0], Integer.parseInt(variant[1]), parts[1]));
    }
    return all;
  }

  private static BackboneSpec spec(String width, int size, String sha256) {
    String name = "mobilenet_v2_%s_%s".formatted(width, size);
    double factor = Double.parseDouble(width);
    // The last layer is not narrower than at width 1.0.
    int last = scaled(LAST_CHANNELS, Math.max(1, factor));
    int multi = last + CHANNELS.stream().mapToInt(channels -> scaled(channels, factor)).sum();
    List<String> layers = new ArrayList<>();
    MULTI.forEach(layer -> layers.add("MobilenetV2/" + layer + ":0"));
    layers.add("MobilenetV2/Conv_1/Relu6:0");
    return new BackboneSpec(
        name,
        List.of(),
        "MobileNet v2, %s of its width, %s pixels".formatted(width, size),
        Optional.of(
            new PublishedGraph(
                new RemoteFile(
                    name + ".tgz",
                    URI.create(PUBLISHER + name + ".tgz"),
                    name.equals("mobilenet_v2_1.0_224")
                        ? OptionalLong.of(BYTES_1_0_224)
                        : OptionalLong.empty(),
                    Optional.of(sha256)),
                name + "_frozen.pb",
                Optional.empty())),
        "input:0",
        new Preprocessing(size, size, 127.5f, 127.5f),
        new Layers(List.of("MobilenetV2/Logits/AvgPool:0"), last),
        new Layers(layers, multi),
        quartered(layers, multi));
  }

  private static Layers quartered(List<String> layers, int channels) {
    // At 96 pixels, the last layers have 3 x 3 positions, which quarters share.
    return new Layers(
        IntStream.range(0, layers.size()).mapToObj(i -> layers.get(i) + "@2x2").toList(),
        4 * channels);
  }

  /** The number of channels at a width: a multiple of 8, at least 90% of the exact number. */
  private static int scaled(int channels, double width) {
    double exact = channels * width;
    int rounded = Math.max(DIVISOR, (int) (exact + DIVISOR / 2.0) / DIVISOR * DIVISOR);
    return rounded < 0.9 * exact ? rounded + DIVISOR : rounded;
  }
}
