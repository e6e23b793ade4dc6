package dev.retrain.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.BackboneSpec;
import dev.retrain.backbone.registry.BackboneSpec.PublishedGraph;
import dev.retrain.backbone.registry.BackboneStore;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.backbone.registry.ScatteringGraph;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.image.Preprocessing;
import dev.retrain.testing.Graphs;
import dev.retrain.testing.SharedData;
import dev.retrain.util.RetrainException;
import dev.retrain.util.archive.TarExtractor;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackboneLoaderTest {
  private static final String ARCHIVE = "mobilenet_v1_0.25_224_frozen.tgz";
  private static final BackboneSpec MOBILENET =
      BackboneRegistry.find("mobilenet_v1_0.25_224").orElseThrow();

  @TempDir private Path modelDir;

  private List<String> files() throws IOException {
    try (Stream<Path> walk = Files.walk(modelDir)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> modelDir.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  @Test
  void publishedArchiveIsUnpackedAndRead() throws IOException {
    Files.copy(SharedData.file(ARCHIVE), modelDir.resolve(ARCHIVE));
    Backbone backbone = BackboneLoader.load(MOBILENET, FeatureSet.LAST, modelDir);
    assertThat(files()).containsExactly("mobilenet_v1_0.25_224/frozen_graph.pb", ARCHIVE);
    assertThat(backbone.graphSha256())
        .isEqualTo(
            Sha256.sha256(modelDir.resolve("mobilenet_v1_0.25_224").resolve("frozen_graph.pb")));
    assertThat(backbone.name()).isEqualTo("mobilenet_v1_0.25_224");
    assertThat(backbone.input()).isEqualTo("input:0");
    assertThat(backbone.bottlenecks()).containsExactly("MobilenetV1/Logits/AvgPool_1a/AvgPool:0");
    assertThat(backbone.preprocessing()).isEqualTo(new Preprocessing(224, 224, 127.5f, 127.5f));
  }

  @Test
  void unpackedGraphIsReadWithoutArchive() throws IOException {
    Files.copy(SharedData.file(ARCHIVE), modelDir.resolve(ARCHIVE));
    Backbone first = BackboneLoader.load(MOBILENET, FeatureSet.LAST, modelDir);
    Files.delete(modelDir.resolve(ARCHIVE));
    assertThat(BackboneLoader.load(MOBILENET, FeatureSet.LAST, modelDir)).isEqualTo(first);
  }

  @Test
  void graphUnpackedByTheUserIsFound() throws IOException {
    Path byHand = modelDir.resolve("mobilenet_v1_0.25_224").resolve("frozen_graph.pb");
    TarExtractor.extract(SharedData.file(ARCHIVE), "frozen_graph.pb", byHand);
    Backbone backbone = BackboneLoader.load(MOBILENET, FeatureSet.MULTI, modelDir);
    assertThat(backbone.graphSha256()).isEqualTo(Sha256.sha256(byHand));
    assertThat(backbone.bottlenecks()).hasSize(6);
  }

  @Test
  void corruptArchiveIsNotUnpacked() throws IOException {
    byte[] archive = Files.readAllBytes(SharedData.file(ARCHIVE));
    archive[archive.length / 2] ^= 1;
    Path corrupted = Files.write(modelDir.resolve(ARCHIVE), archive);
    assertThatThrownBy(() -> BackboneLoader.load(MOBILENET, FeatureSet.LAST, modelDir))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(corrupted.toString())
        .hasMessageContaining("1cddeede49eb35af36061aaa66bf643b81f7ea89abc85f6ffef8f0bf00891756");
    assertThat(files()).containsExactly(ARCHIVE);
  }

  @Test
  void missingBackboneReportsTheExpectedFiles() {
    assertThatThrownBy(() -> BackboneLoader.load(MOBILENET, FeatureSet.LAST, modelDir))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("mobilenet_v1_0.25_224")
        .hasMessageContaining(modelDir.resolve(ARCHIVE).toString())
        .hasMessageContaining(
            modelDir.resolve("mobilenet_v1_0.25_224").resolve("frozen_graph.pb").toString());
  }

  @Test
  void graphWithWrongChecksumIsRejected() throws IOException {
    BackboneSpec inception = BackboneRegistry.find("inception_v3").orElseThrow();
    Path graph =
        Files.write(
            modelDir.resolve("classify_image_graph_def.pb"), Graphs.meanColour(8, 8).toByteArray());
    assertThatThrownBy(() -> BackboneLoader.load(inception, FeatureSet.LAST, modelDir))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(graph.toString());
  }

  @Test
  void ambiguousGraphFileIsIgnored() throws IOException {
    Files.write(modelDir.resolve("frozen_graph.pb"), Graphs.meanColour(8, 8).toByteArray());
    assertThatThrownBy(() -> BackboneLoader.load(MOBILENET, FeatureSet.LAST, modelDir))
        .isInstanceOf(RetrainException.class);
  }

  @Test
  void embeddedBackboneNeedsNoFile() throws IOException {
    BackboneSpec scattering = BackboneRegistry.find("scattering").orElseThrow();
    Backbone backbone = BackboneLoader.load(scattering, FeatureSet.LAST, modelDir);
    assertThat(backbone.graph()).isEqualTo(ScatteringGraph.build());
    assertThat(files()).isEmpty();
  }

  @Test
  void publishedChecksumGivesTheIdentity() throws IOException {
    Files.copy(SharedData.file(ARCHIVE), modelDir.resolve(ARCHIVE));
    Backbone loaded = BackboneLoader.load(MOBILENET, FeatureSet.MULTI, modelDir);
    assertThat(BackboneLoader.identity(MOBILENET, FeatureSet.MULTI, in(modelDir)))
        .isEqualTo(loaded.identity());
    PublishedGraph published = MOBILENET.published().orElseThrow();
    BackboneSpec withChecksum =
        new BackboneSpec(
            MOBILENET.name(),
            MOBILENET.aliases(),
            MOBILENET.description(),
            Optional.of(
                new PublishedGraph(
                    published.archive(), published.graphFile(), Optional.of(loaded.graphSha256()))),
            MOBILENET.input(),
            MOBILENET.preprocessing(),
            MOBILENET.last(),
            MOBILENET.multi(),
            MOBILENET.grid());
    BackboneStore nowhere = in(modelDir.resolve("nowhere"));
    assertThat(BackboneLoader.identity(withChecksum, FeatureSet.MULTI, nowhere))
        .isEqualTo(loaded.identity());
    assertThatThrownBy(() -> BackboneLoader.identity(MOBILENET, FeatureSet.MULTI, nowhere))
        .isInstanceOf(RetrainException.class);
  }

  private static BackboneStore in(Path directory) {
    return new BackboneStore(directory, DownloadSources.PUBLISHERS);
  }
}
