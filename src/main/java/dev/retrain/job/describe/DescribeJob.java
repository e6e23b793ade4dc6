package dev.retrain.job.describe;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.describe.GraphDescriber;
import dev.retrain.backbone.describe.GraphDescription;
import dev.retrain.backbone.describe.SavedModelDescription;
import dev.retrain.backbone.format.FileFormats;
import dev.retrain.backbone.format.FileFormats.Expected;
import dev.retrain.backbone.format.GraphFile;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.backbone.guard.GraphGuard;
import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.BackboneSpec;
import dev.retrain.backbone.registry.BackboneStore;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.backbone.savedmodel.file.SavedModelFiles;
import dev.retrain.backbone.signature.GraphSignature;
import dev.retrain.backbone.signature.GraphSignature.Size;
import dev.retrain.finetune.layers.FineTuneLayers;
import dev.retrain.finetune.layers.FineTuneNetwork;
import dev.retrain.job.describe.Description.FineTuning;
import dev.retrain.job.describe.Description.Use;
import dev.retrain.model.LegacyMetadata;
import dev.retrain.model.ModelBundle;
import dev.retrain.model.ModelMetadata;
import dev.retrain.model.legacy.LegacyModel;
import dev.retrain.model.legacy.ModelHints;
import dev.retrain.util.RetrainException;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tensorflow.proto.GraphDef;

/**
 * Describes a network without running it.
 *
 * @param network a frozen graph, a SavedModel or an archive of one, or the name of a backbone
 * @param store where backbones of the registry are stored
 * @param hints what the user says about a model without metadata
 * @param write whether to write the metadata of such a model beside its graph
 */
public record DescribeJob(String network, BackboneStore store, ModelHints hints, boolean write) {
  /**
   * Describes the network.
   *
   * @throws RetrainException if it is no network, is not available locally, or its metadata is to
   *     be written but can't be
   * @throws IOException if a file can't be read or written
   */
  public Description run() throws IOException {
    Path path = Path.of(network);
    Optional<BackboneSpec> spec =
        Files.exists(path) ? Optional.empty() : BackboneRegistry.find(network);
    if (spec.isPresent()) {
      return named(spec.get());
    }
    if (!Files.exists(path)) {
      throw missing(path);
    }
    if (FileFormats.isSavedModel(path)) {
      return savedModel(Files.isDirectory(path) ? path : parent(path));
    }
    if (SavedModelFiles.isCandidate(path) && FileFormats.isSavedModelArchive(path)) {
      return savedModel(path);
    }
    GraphFile content = GraphFile.read(path, Expected.NETWORK);
    Use<Backbone> backbone = attempt(() -> BackboneLoader.infer(network, content, unspecified()));
    if (write) {
      LegacyModel model = LegacyModel.read(path, hints, false);
      Path written = LegacyMetadata.write(path, model);
      return describe(content.graph(), backbone, Use.of(model.summary()), Optional.of(written));
    }
    return describe(content.graph(), backbone, model(path), Optional.empty());
  }

  private RetrainException missing(Path path) throws IOException {
    Optional<RetrainException> remote = FileFormats.explainName(network, Expected.NETWORK);
    Optional<RetrainException> known =
        remote.isPresent() ? remote : FileFormats.explain(path, Expected.NETWORK);
    return known.orElseGet(
        () ->
            new RetrainException(
                "%s is neither a file or directory nor the name of a known backbone. Check the"
                    + " spelling.",
                network));
  }

  private static GraphSignature unspecified() {
    return new GraphSignature(
        Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private Description named(BackboneSpec spec) throws IOException {
    checkNotWritten("a backbone");
    Optional<Backbone> available = BackboneLoader.loadIfAvailable(spec, FeatureSet.LAST, store);
    if (available.isEmpty()) {
      // Says where it is expected.
      store.read(spec);
    }
    Backbone backbone = available.orElseThrow();
    return describe(backbone.graph(), Use.of(backbone), Use.none(), Optional.empty());
  }

  private Description savedModel(Path path) throws IOException {
    checkNotWritten("a SavedModel");
    try (SavedModelFiles files = SavedModelFiles.open(path)) {
      return new Description(
          network,
          Optional.of(SavedModelDescription.of(files.directory().read())),
          Optional.empty(),
          Optional.empty(),
          Use.none(),
          Use.none(),
          Use.none(),
          Optional.empty());
    }
  }

  private void checkNotWritten(String kind) {
    if (write) {
      throw new RetrainException(
          "%s is %s; metadata is only written for the graph of a model of retrain.py.",
          network, kind);
    }
  }

  private static Path parent(Path file) {
    return file.getParent() == null ? Path.of("") : file.getParent();
  }

  private Description describe(
      GraphDef graph, Use<Backbone> backbone, Use<String> model, Optional<Path> written)
      throws IOException {
    Optional<RetrainException> refusal = refusal(graph);
    Optional<Backbone> used = backbone.value();
    GraphDescription description =
        GraphDescriber.describe(
            graph,
            used.map(Backbone::input).map(TensorNames::operation),
            used.map(Backbone::preprocessing).map(p -> new Size(p.height(), p.width())),
            refusal.isPresent());
    return new Description(
        network,
        Optional.empty(),
        Optional.of(description),
        refusal,
        backbone,
        refusal.isPresent() || used.isEmpty() ? Use.none() : attempt(() -> fineTuning(used.get())),
        model,
        written);
  }

  private static FineTuning fineTuning(Backbone backbone) {
    List<FineTuneNetwork> networks =
        FineTuneNetwork.prepare(
            backbone, List.of(new FineTuneLayers.All(), FineTuneLayers.DEFAULT));
    FineTuneNetwork all = networks.get(0);
    FineTuneNetwork last = networks.get(1);
    return new FineTuning(
        all.blocks(),
        all.network().parameterCount(),
        last.trainedBlocks(),
        last.network().parameterCount());
  }

  private Optional<RetrainException> refusal(GraphDef graph) {
    try {
      GraphGuard.check(network, graph, false);
      return Optional.empty();
    } catch (RetrainException e) {
      return Optional.of(e);
    }
  }

  @FunctionalInterface
  private interface Attempt<T> {
    T get() throws IOException;
  }

  private static <T> Use<T> attempt(Attempt<T> attempt) throws IOException {
    try {
      return Use.of(attempt.get());
    } catch (RetrainException e) {
      return Use.failed(e);
    } catch (IllegalArgumentException e) {
      return Use.failed(new RetrainException(e, "%s", e.getMessage()));
    }
  }

  private Use<String> model(Path path) throws IOException {
    return ModelBundle.hasMetadata(path)
        ? attempt(() -> summary(ModelBundle.metadata(path)))
        : attempt(() -> LegacyModel.read(path, hints, false).summary());
  }

  private static String summary(ModelMetadata model) {
    return "input %s, output %s, %s, described by its metadata."
        .formatted(
            model.input().tensor(),
            model.output().tensor(),
            Counted.of(model.labels().size(), "label"));
  }
}
