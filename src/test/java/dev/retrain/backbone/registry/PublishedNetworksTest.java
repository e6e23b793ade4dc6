package dev.retrain.backbone.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.fetch.RemoteFile;
import dev.retrain.testing.FileServer;
import dev.retrain.testing.Graphs;
import dev.retrain.util.Progress;
import dev.retrain.util.io.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Operand;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/**
 * Archives as they are published, from a local server, with graphs that have the tensors of the
 * real ones: each layer with its published number of channels.
 */
class PublishedNetworksTest {
  @TempDir private Path directory;

  private static GraphDef graph(int size, String layers) {
    return Graphs.ofScoped(
        tf -> {
          Operand<TFloat32> images = Graphs.images(tf, "input", size, size);
          for (String layer : layers.split(" ", -1)) {
            String[] parts = layer.split("=", -1);
            Operand<TFloat32> weights = tf.constant(new float[1][1][3][Integer.parseInt(parts[1])]);
            tf.withName(parts[0].replace("/", "__"))
                .nn
                .relu(tf.nn.conv2d(images, weights, List.of(1L, 32L, 32L, 1L), "SAME"));
          }
        });
  }

  private static byte[] archive(String name, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new GzipCompressorOutputStream(bytes))) {
      for (String entry : List.of("./other.ckpt.meta", "./" + name)) {
        TarArchiveEntry file = new TarArchiveEntry(entry);
        file.setSize(content.length);
        tar.putArchiveEntry(file);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "mobilenet_v2_1.0_224 | 224 | mobilenet_v2_1.0_224_frozen.pb | 1280 | 1728"
            + " | MobilenetV2/Logits/AvgPool=1280 MobilenetV2/expanded_conv_5/output=32"
            + " MobilenetV2/expanded_conv_12/output=96 MobilenetV2/expanded_conv_16/output=320"
            + " MobilenetV2/Conv_1/Relu6=1280",
        // Channels of https://github.com/tensorflow/models, mobilenet.py: multiples of 8.
        "mobilenet_v2_0.35_96 | 96 | mobilenet_v2_0.35_96_frozen.pb | 1280 | 1440"
            + " | MobilenetV2/Logits/AvgPool=1280 MobilenetV2/expanded_conv_5/output=16"
            + " MobilenetV2/expanded_conv_12/output=32 MobilenetV2/expanded_conv_16/output=112"
            + " MobilenetV2/Conv_1/Relu6=1280",
        "mobilenet_v2_1.4_224 | 224 | mobilenet_v2_1.4_224_frozen.pb | 1792 | 2424"
            + " | MobilenetV2/Logits/AvgPool=1792 MobilenetV2/expanded_conv_5/output=48"
            + " MobilenetV2/expanded_conv_12/output=136 MobilenetV2/expanded_conv_16/output=448"
            + " MobilenetV2/Conv_1/Relu6=1792",
        "mobilenet_v3_large | 224 | v3-large_224_1.0_float.pb | 960 | 1272"
            + " | MobilenetV3/AvgPool2D/AvgPool=960 MobilenetV3/expanded_conv_5/output=40"
            + " MobilenetV3/expanded_conv_11/output=112 MobilenetV3/expanded_conv_14/output=160",
        "mobilenet_v3_small | 224 | v3-small_224_1.0_float.pb | 576 | 744"
            + " | MobilenetV3/AvgPool2D/AvgPool=576 MobilenetV3/expanded_conv_2/output=24"
            + " MobilenetV3/expanded_conv_7/output=48 MobilenetV3/expanded_conv_10/output=96",
        "inception_v1 | 224 | inception_v1_2016_08_28_frozen.pb | 1024 | 2336"
            + " | InceptionV1/InceptionV1/Mixed_3c/concat=480"
            + " InceptionV1/InceptionV1/Mixed_4f/concat=832"
            + " InceptionV1/InceptionV1/Mixed_5c/concat=1024",
        "inception_v4 | 299 | inception_v4.pb | 1536 | 2944"
            + " | InceptionV4/Logits/AvgPool_1a/AvgPool=1536"
            + " InceptionV4/InceptionV4/Mixed_5e/concat=384"
            + " InceptionV4/InceptionV4/Mixed_6h/concat=1024"
            + " InceptionV4/InceptionV4/Mixed_7d/concat=1536",
        "inception_resnet_v2 | 299 | inception_resnet_v2.pb | 1536 | 5024"
            + " | InceptionResnetV2/Logits/AvgPool_1a_8x8/AvgPool=1536"
            + " InceptionResnetV2/InceptionResnetV2/Mixed_5b/concat=320"
            + " InceptionResnetV2/InceptionResnetV2/Mixed_6a/concat=1088"
            + " InceptionResnetV2/InceptionResnetV2/Mixed_7a/concat=2080"
            + " InceptionResnetV2/InceptionResnetV2/Conv2d_7b_1x1/Relu=1536",
        "nasnet_mobile | 224 | nasnet_mobile.pb | 1056 | 1848"
            + " | final_layer/Mean=1056 cell_3/cell_output/concat=264"
            + " cell_7/cell_output/concat=528 cell_11/cell_output/concat=1056",
      })
  void networkIsDownloadedAndRead(
      String name, int size, String file, int last, int multi, String layers) throws IOException {
    BackboneSpec spec = BackboneRegistry.find(name).orElseThrow();
    RemoteFile published = spec.published().orElseThrow().archive();
    byte[] archive = archive(file, graph(size, layers).toByteArray());
    try (FileServer server = new FileServer()) {
      String address = server.put("/" + published.name(), archive, Map.of()).toString();
      Path mirror =
          Files.write(
              directory.resolve("mirror.properties"),
              List.of(
                  published.name() + ".url=" + address,
                  published.name() + ".sha256=" + Sha256.sha256(archive)));
      BackboneStore store =
          new BackboneStore(directory.resolve("models"), new DownloadSources(mirror));
      new BackboneDownloader(store).fetchIfMissing(spec, Progress.NONE);
      assertThat(store.graph(spec)).isPresent();
      assertThat(vectorLength(spec, FeatureSet.LAST, store)).isEqualTo(last);
      assertThat(vectorLength(spec, FeatureSet.MULTI, store)).isEqualTo(multi);
      assertThat(vectorLength(spec, FeatureSet.GRID, store)).isEqualTo(spec.grid().vectorLength());
    }
    assertThat(spec.last().vectorLength()).isEqualTo(last);
    assertThat(spec.multi().vectorLength()).isEqualTo(multi);
    assertThat(spec.preprocessing().height()).isEqualTo(size);
    assertThat(published.uri().getScheme()).isEqualTo("https");
    assertThat(published.uri().getHost()).isEqualTo("storage.googleapis.com");
  }

  private static int vectorLength(BackboneSpec spec, FeatureSet features, BackboneStore store)
      throws IOException {
    Backbone backbone = BackboneLoader.load(spec, features, store);
    try (BackboneSession session = new BackboneSession(backbone)) {
      return session.vectorLength();
    }
  }
}
