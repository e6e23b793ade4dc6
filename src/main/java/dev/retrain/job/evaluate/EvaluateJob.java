package dev.retrain.job.evaluate;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.Bfloat16;
import dev.retrain.backbone.ComputeOptions;
import dev.retrain.backbone.Precision;
import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.bottleneck.Vectors;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.ContentHashes;
import dev.retrain.bottleneck.cache.VectorLoader;
import dev.retrain.bottleneck.extract.Extraction;
import dev.retrain.bottleneck.extract.ExtractionResult;
import dev.retrain.bottleneck.text.TextFolder;
import dev.retrain.bottleneck.text.TextVectors;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.evaluation.Metrics;
import dev.retrain.evaluation.Predictions;
import dev.retrain.image.SkippedFile;
import dev.retrain.job.data.RetrainPySource;
import dev.retrain.model.ModelBundle;
import dev.retrain.model.ModelMetadata.DataOrigin;
import dev.retrain.model.ModelSession;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evaluates a model on disk.
 *
 * <p>Vectors are taken from the cache; those it does not hold are computed by the network inside
 * the model's graph, and kept there. The model's files are all that is needed.
 *
 * @param model its graph, or the description beside it
 * @param imageDir a directory with the class folders; absent means the one the model was trained on
 * @param vectors retrain.py's bottleneck files, for a model that takes vectors; absent means those
 *     it was trained on
 * @param bottleneckDir the cache directory
 * @param partition which files to evaluate on; absent means all
 * @param strict whether one broken file is a failure
 */
public record EvaluateJob(
    Path model,
    Optional<Path> imageDir,
    Optional<RetrainPySource> vectors,
    Path bottleneckDir,
    Optional<Partition> partition,
    boolean strict) {
  private static final Logger LOG = LoggerFactory.getLogger(EvaluateJob.class);

  /** Vectors the layer is run on at once; bounds the memory, not the result. */
  private static final int BATCH = 1024;

  /**
   * Runs it.
   *
   * @param progress is told how far it is, and may stop it
   * @return what it gave
   * @throws RetrainException where the model or the files can't be used, or there are none of the
   *     partition
   * @throws CancelledException where the user stopped it; vectors that were computed are kept
   * @throws IOException where a file can't be read or written
   */
  public EvaluateResult run(Progress progress) throws IOException {
    ModelBundle stored = ModelBundle.read(model);
    SplitOptions split = SeenImages.split(stored.description().data());
    Optional<Backbone> backbone = stored.backbone();
    if (backbone.isPresent()) {
      if (vectors.isPresent()) {
        throw new RetrainException(
            "%s takes images, not vectors; give --image-dir in place of --vectors."
                .formatted(model));
      }
      return ofImages(stored, split, runnable(backbone.get()), progress);
    }
    if (imageDir.isPresent()) {
      throw new RetrainException(
          "%s takes vectors, not images; give --vectors in place of --image-dir.".formatted(model));
    }
    return ofVectors(stored, split, progress);
  }

  private EvaluateResult ofImages(
      ModelBundle stored, SplitOptions split, Backbone backbone, Progress progress)
      throws IOException {
    DataOrigin origin = stored.description().data();
    ImageFolder all = ImageFolder.list(imageDir.orElseGet(() -> own(origin, "--image-dir")));
    try (BottleneckCache cache = new BottleneckCache(bottleneckDir)) {
      Map<Path, ContentHash> contents = ContentHashes.compute(cache, all, progress);
      List<String> labels = stored.description().labels();
      SeenImages trainedOn =
          SeenImages.images(origin, split, labels, all, contents, cache, progress);
      EvaluationSet chosen = EvaluationSet.select(all, labels, contents, trainedOn, partition);
      ExtractionResult extraction =
          Extraction.run(cache, backbone, chosen.folder(), strict, progress);
      List<LabeledImage> images = images(extraction.readable());
      try (PartitionedVectors loaded =
          VectorLoader.load(
              cache,
              backbone.identity(),
              images,
              extraction.hashes(),
              Runtime.getRuntime().maxMemory() / 2,
              progress)) {
        return report(stored, chosen, images, loaded.test(), extraction.skipped());
      }
    }
  }

  private EvaluateResult ofVectors(ModelBundle stored, SplitOptions split, Progress progress)
      throws IOException {
    DataOrigin origin = stored.description().data();
    RetrainPySource source =
        vectors.orElseGet(
            () -> new RetrainPySource(own(origin, "--vectors"), Optional.empty(), strict));
    TextFolder text = TextFolder.list(source.directory(), source.architecture());
    TextVectors read = TextVectors.read(text, source.strict(), progress);
    SeenImages trainedOn = SeenImages.vectors(origin, split, text, read.hashes(), progress);
    EvaluationSet chosen =
        EvaluationSet.select(
            text.folder(), stored.description().labels(), read.hashes(), trainedOn, partition);
    List<ImageFile> readable =
        chosen.folder().files().stream()
            .filter(file -> read.vectors().containsKey(file.path()))
            .toList();
    List<LabeledImage> images = images(readable);
    try (PartitionedVectors loaded = PartitionedVectors.partition(images, read.vectors())) {
      return report(stored, chosen, images, loaded.test(), read.skipped());
    }
  }

  private static Path own(DataOrigin origin, String option) {
    Path own = Path.of(origin.directory());
    if (!Files.isDirectory(own)) {
      throw new RetrainException(
          "The model was trained on %s, which is not there; say with %s what to evaluate it on."
              .formatted(own, option));
    }
    return own;
  }

  /** What predicts on any machine: bfloat16 is for the processors that have it. */
  private static Backbone runnable(Backbone backbone) {
    Optional<String> obstacle =
        backbone.computation().precision() == Precision.BFLOAT16
            ? Bfloat16.obstacle()
            : Optional.empty();
    if (obstacle.isEmpty()) {
      return backbone;
    }
    LOG.warn(
        "The model was trained on vectors computed in bfloat16, which this machine can't ({}); they"
            + " are computed in float32.",
        obstacle.get());
    return backbone.with(new ComputeOptions(backbone.computation().optimized(), Precision.FLOAT32));
  }

  /** All of them as images to look at once: what they were to the training is known elsewhere. */
  private static List<LabeledImage> images(List<ImageFile> files) {
    if (files.isEmpty()) {
      throw new RetrainException("None of the files to evaluate on can be read.");
    }
    return files.stream()
        .map(file -> new LabeledImage(file.path(), file.name(), file.label(), Partition.TEST))
        .toList();
  }

  private static EvaluateResult report(
      ModelBundle stored,
      EvaluationSet chosen,
      List<LabeledImage> images,
      Vectors loaded,
      List<SkippedFile> skipped) {
    Predictions predictions =
        new Predictions(
            stored.description().labels(),
            images.stream().map(LabeledImage::name).toList(),
            images.stream().mapToInt(LabeledImage::label).toArray(),
            probabilities(stored, loaded));
    return new EvaluateResult(
        stored.description(),
        chosen.data(),
        predictions,
        Metrics.compute(predictions),
        images.stream().map(LabeledImage::path).toList(),
        images.stream().map(image -> chosen.partitions().get(image.path())).toList(),
        skipped);
  }

  private static float[] probabilities(ModelBundle stored, Vectors loaded) {
    int classes = stored.description().labels().size();
    float[] all = new float[Math.multiplyExact(loaded.count(), classes)];
    try (ModelSession session = ModelSession.open(stored, false)) {
      for (int from = 0; from < loaded.count(); from += BATCH) {
        int size = Math.min(BATCH, loaded.count() - from);
        float[] values = new float[Math.multiplyExact(size, loaded.length())];
        for (int i = 0; i < size; i++) {
          loaded.copy(from + i, values, i * loaded.length());
        }
        float[] probabilities = session.ofVectors(values, size);
        System.arraycopy(probabilities, 0, all, from * classes, probabilities.length);
      }
    }
    return all;
  }
}
