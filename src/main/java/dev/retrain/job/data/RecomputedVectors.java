package dev.retrain.job.data;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.bottleneck.Vectors;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.VectorLoader;
import dev.retrain.bottleneck.cache.file.DamagedVectorsException;
import dev.retrain.bottleneck.extract.Extraction;
import dev.retrain.bottleneck.extract.ExtractionJob;
import dev.retrain.bottleneck.extract.ExtractionResult;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.labels.ImageLabels;
import dev.retrain.dataset.labels.LabelSet;
import dev.retrain.training.Objective;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The vectors that another backbone computes for the validation and test images of a training. */
final class RecomputedVectors {
  private final ExtractionJob job;
  private final TrainingData data;
  private final Progress progress;
  private final boolean multiLabel;

  private RecomputedVectors(ExtractionJob job, TrainingData data, Progress progress) {
    this.job = job;
    this.data = data;
    this.progress = progress;
    multiLabel = data.objective() == Objective.MULTI_LABEL;
  }

  /**
   * Computes the vectors that the cache lacks.
   *
   * @param job the images, the cache and the backbone
   * @param data the images' sets and classes
   * @param progress receives the progress, and can cancel the work
   * @return the vectors, in the order of {@code data}; none for training images
   * @throws RetrainException if an image can't be read any more
   * @throws IOException if a file can't be read or written
   */
  static PartitionedVectors compute(ExtractionJob job, TrainingData data, Progress progress)
      throws IOException {
    RecomputedVectors vectors = new RecomputedVectors(job, data, progress);
    try (BottleneckCache cache = job.openCache()) {
      return DamagedVectorsException.recompute(1, () -> vectors.compute(cache));
    }
  }

  private PartitionedVectors compute(BottleneckCache cache) throws IOException {
    Backbone backbone = job.backbone();
    ExtractionResult extraction =
        Extraction.run(cache, backbone, evaluated(job.images().scan()), job.strict(), progress);
    Map<String, ImageFile> readable = new HashMap<>();
    extraction.readable().forEach(file -> readable.put(file.path().toString(), file));
    List<LabeledImage> images = new ArrayList<>();
    Map<Path, LabelSet> sets = new HashMap<>();
    add(images, sets, data.vectors().validation(), Partition.VALIDATION, readable);
    add(images, sets, data.vectors().test(), Partition.TEST, readable);
    return VectorLoader.load(
            cache,
            backbone.identity(),
            images,
            extraction.hashes(),
            Runtime.getRuntime().maxMemory() / 4,
            progress)
        .with(new ImageLabels(data.labels(), multiLabel ? Optional.of(sets) : Optional.empty()));
  }

  private ImageFolder evaluated(ImageFolder folder) {
    Set<String> names = new HashSet<>();
    for (Vectors vectors : List.of(data.vectors().validation(), data.vectors().test())) {
      for (int i = 0; i < vectors.count(); i++) {
        names.add(vectors.name(i));
      }
    }
    // A list may name an image several times, once for each of its classes.
    return folder.withFiles(
        folder.files().stream().filter(file -> names.remove(file.path().toString())).toList());
  }

  private void add(
      List<LabeledImage> images,
      Map<Path, LabelSet> sets,
      Vectors vectors,
      Partition partition,
      Map<String, ImageFile> readable) {
    for (int i = 0; i < vectors.count(); i++) {
      ImageFile file = readable.get(vectors.name(i));
      if (file == null) {
        throw new RetrainException(
            "%s was changed or deleted during the training. Restore it and resume the training, or"
                + " train again.",
            vectors.name(i));
      }
      // Where images have any number of classes, a single one has no meaning.
      images.add(new LabeledImage(file.withLabel(multiLabel ? 0 : vectors.label(i)), partition));
      sets.put(file.path(), LabelSet.of(vectors.labels(i)));
    }
  }
}
