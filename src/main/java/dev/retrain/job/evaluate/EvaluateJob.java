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
import dev.retrain.bottleneck.cache.file.DamagedVectorsException;
import dev.retrain.bottleneck.extract.Extraction;
import dev.retrain.bottleneck.extract.ExtractionResult;
import dev.retrain.bottleneck.text.TextFolder;
import dev.retrain.bottleneck.text.TextVectors;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.archive.ImageArchive;
import dev.retrain.dataset.list.ImageList;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.evaluation.Evaluator;
import dev.retrain.evaluation.assessment.Assessment;
import dev.retrain.evaluation.multilabel.MultiLabelPredictions;
import dev.retrain.evaluation.multilabel.Thresholds;
import dev.retrain.image.PixelLimit;
import dev.retrain.image.SkippedFile;
import dev.retrain.job.data.RetrainPySource;
import dev.retrain.job.data.VectorSelection;
import dev.retrain.model.ModelBundle;
import dev.retrain.model.ModelMetadata;
import dev.retrain.model.ModelSession;
import dev.retrain.model.data.DataOrigin;
import dev.retrain.model.legacy.ModelHints;
import dev.retrain.training.Objective;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evaluates a model on disk. Needs only the model's files.
 *
 * <p>Vectors are read from the cache; those that are missing are computed by the backbone inside
 * the model's graph, and cached.
 *
 * @param model the model's graph, or its metadata file
 * @param images the images; absent for those the model was trained on. Where they are the model's
 *     own directory or manifest, they are listed as for the training
 * @param vectors retrain.py's bottleneck files, for a model that accepts vectors; absent for those
 *     it was trained on
 * @param bottleneckDir the cache directory
 * @param partition the set to evaluate; absent for all files
 * @param strict whether an unreadable file is an error
 * @param verifyContent whether to hash every image and check every cached vector
 * @param trustGraph whether the model's graph may run whatever its ops are
 * @param pixelLimit maximum size of an image; larger ones are skipped like unreadable files
 * @param hints what the user says about a model without metadata
 */
public record EvaluateJob(
    Path model,
    Optional<ImageList> images,
    Optional<RetrainPySource> vectors,
    Path bottleneckDir,
    Optional<Partition> partition,
    boolean strict,
    boolean verifyContent,
    boolean trustGraph,
    PixelLimit pixelLimit,
    ModelHints hints) {
  private static final Logger LOG = LoggerFactory.getLogger(EvaluateJob.class);

  /** Vectors per batch of the head; bounds the memory. */
  private static final int BATCH_SIZE = 1024;

  /**
   * Evaluates the model.
   *
   * @param progress receives the progress, and can cancel the work
   * @throws RetrainException if the model or the files can't be used, or the set is empty
   * @throws CancelledException if the user cancels; vectors that were computed are kept
   * @throws IOException if a file can't be read or written
   */
  public EvaluateResult run(Progress progress) throws IOException {
    ModelBundle bundle = ModelBundle.read(model, trustGraph, hints);
    // Opened first, because that checks the metadata before any slow work.
    try (ModelSession session = ModelSession.open(bundle, false)) {
      return run(bundle, session, progress);
    }
  }

  private EvaluateResult run(ModelBundle bundle, ModelSession session, Progress progress)
      throws IOException {
    SplitOptions split = SeenImages.split(bundle.metadata().data());
    Optional<Backbone> backbone = bundle.backbone();
    if (backbone.isPresent()) {
      if (vectors.isPresent()) {
        throw new RetrainException(
            "%s accepts images, not vectors; use %s instead of %s.",
            model, Setting.IMAGE_DIRECTORY, Setting.VECTOR_DIRECTORY);
      }
      Backbone limited =
          backbone.get().with(backbone.get().preprocessing().withPixelLimit(pixelLimit));
      return evaluateImages(bundle, session, split, supported(limited), progress);
    }
    if (images.isPresent()) {
      throw new RetrainException(
          "%s accepts vectors, not images; use %s instead of %s.",
          model, Setting.VECTOR_DIRECTORY, Setting.IMAGE_DIRECTORY);
    }
    return evaluateVectors(bundle, session, split, progress);
  }

  private EvaluateResult evaluateImages(
      ModelBundle bundle,
      ModelSession session,
      SplitOptions split,
      Backbone backbone,
      Progress progress)
      throws IOException {
    DataOrigin origin = bundle.metadata().data();
    ImageFolder listed = new TrainingList(origin).evaluated(images);
    ImageFolder all =
        origin.known() ? listed : RetrainPyLabels.rename(listed, bundle.metadata().labels());
    try (BottleneckCache cache = new BottleneckCache(bottleneckDir, verifyContent)) {
      Map<Path, ContentHash> contents = ContentHashes.compute(cache, all, progress);
      FolderLabeling labeling = FolderLabeling.of(bundle.metadata());
      SeenImages seen = SeenImages.images(origin, split, labeling, all, contents, cache, progress);
      EvaluationSet set = EvaluationSet.select(all, labeling, contents, seen, partition);
      return DamagedVectorsException.recompute(
          1, () -> evaluate(bundle, session, set, cache, backbone, progress));
    }
  }

  private EvaluateResult evaluate(
      ModelBundle bundle,
      ModelSession session,
      EvaluationSet set,
      BottleneckCache cache,
      Backbone backbone,
      Progress progress)
      throws IOException {
    ExtractionResult extraction = Extraction.run(cache, backbone, set.folder(), strict, progress);
    set.checkUnreadable(extraction.skipped());
    List<LabeledImage> images = set.images(extraction.readable());
    long maxBytes = Runtime.getRuntime().maxMemory() / 2;
    try (PartitionedVectors loaded =
        VectorLoader.load(
            cache, backbone.identity(), images, extraction.hashes(), maxBytes, progress)) {
      return evaluate(bundle, session, set, images, loaded, extraction.skipped());
    }
  }

  private EvaluateResult evaluateVectors(
      ModelBundle bundle, ModelSession session, SplitOptions split, Progress progress)
      throws IOException {
    DataOrigin origin = bundle.metadata().data();
    RetrainPySource source =
        vectors.orElseGet(
            () -> new RetrainPySource(trainingDirectory(origin), Optional.empty(), strict));
    TextFolder text = TextFolder.list(source.directory(), source.architecture());
    TextVectors read = TextVectors.read(text, source.strict(), progress);
    SeenImages seen = SeenImages.vectors(origin, split, text, read.hashes(), progress);
    EvaluationSet set =
        EvaluationSet.select(
            text.folder(), FolderLabeling.of(bundle.metadata()), read.hashes(), seen, partition);
    List<ImageFile> readable =
        set.folder().files().stream()
            .filter(file -> read.vectors().containsKey(file.path()))
            .toList();
    List<LabeledImage> images = set.images(readable);
    try (PartitionedVectors loaded = PartitionedVectors.partition(images, read.vectors())) {
      return evaluate(bundle, session, set, images, loaded, read.skipped());
    }
  }

  private static Path trainingDirectory(DataOrigin origin) {
    TrainingList.checkKnown(origin, Setting.VECTOR_DIRECTORY);
    Path directory = Path.of(origin.directory());
    if (!ImageArchive.isDirectory(directory)) {
      throw new RetrainException(
          "%s, which the model was trained on, doesn't exist; choose another directory with %s.",
          directory, Setting.VECTOR_DIRECTORY);
    }
    return directory;
  }

  /** The backbone in float32 if this machine doesn't support its bfloat16. */
  private static Backbone supported(Backbone backbone) {
    Optional<String> obstacle =
        backbone.computation().precision() == Precision.BFLOAT16
            ? Bfloat16.obstacle()
            : Optional.empty();
    if (obstacle.isEmpty()) {
      return backbone;
    }
    LOG.warn(
        "The model was trained on bfloat16 vectors, which this machine doesn't support ({});"
            + " computing float32 vectors instead.",
        obstacle.get());
    return backbone.with(new ComputeOptions(backbone.computation().optimized(), Precision.FLOAT32));
  }

  private static Assessment assess(ModelMetadata model, ModelSession session, Vectors vectors) {
    List<String> labels = model.labels();
    return model.objective() == Objective.SINGLE_LABEL
        ? new Assessment.SingleLabel(
            Evaluator.evaluate(session::classifyVectors, labels, vectors, BATCH_SIZE))
        : new Assessment.MultiLabel(
            MultiLabelPredictions.of(
                labels,
                vectors,
                Evaluator.run(session::classifyVectors, labels.size(), vectors, BATCH_SIZE),
                Thresholds.of(model.output().thresholds())));
  }

  private static EvaluateResult evaluate(
      ModelBundle bundle,
      ModelSession session,
      EvaluationSet set,
      List<LabeledImage> images,
      PartitionedVectors loaded,
      List<SkippedFile> skipped) {
    Vectors vectors = VectorSelection.inOrder(loaded.with(set.labels()), images);
    return new EvaluateResult(
        bundle.metadata(),
        set.scope(),
        assess(bundle.metadata(), session, vectors),
        images.stream().map(LabeledImage::path).toList(),
        images.stream().map(LabeledImage::partition).toList(),
        skipped);
  }
}
