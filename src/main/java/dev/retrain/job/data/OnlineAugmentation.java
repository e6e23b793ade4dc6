package dev.retrain.job.data;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.VectorLoader;
import dev.retrain.bottleneck.extract.Extraction;
import dev.retrain.bottleneck.extract.ExtractionJob;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.image.Distortion;
import dev.retrain.image.Variant;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Variants of the training images to train on beside them. Their vectors are cached as any others,
 * filed under the image's content and an identity of the network that names the variant.
 *
 * @param count variants of each image; 0, the default, means none
 * @param distortion how far they may differ
 */
public record OnlineAugmentation(int count, Distortion distortion) {
  /** None. */
  public static final OnlineAugmentation NONE = new OnlineAugmentation(0, Distortion.DEFAULT);

  /** Checks the range. */
  public OnlineAugmentation {
    if (count < 0 || count > 1000) {
      throw new IllegalArgumentException(
          "variants of an image must be from 0 to 1000, but are " + count);
    }
    if (count > 0 && distortion.changesNothing()) {
      throw new IllegalArgumentException("variants that differ in nothing add nothing");
    }
  }

  /**
   * Computes the vectors that are missing.
   *
   * @param job the images and the network
   * @param cache where vectors are kept
   * @param folder the images
   * @param images their partitions
   * @param progress is told of every image, and may stop the work
   */
  void extract(
      ExtractionJob job,
      BottleneckCache cache,
      ImageFolder folder,
      List<LabeledImage> images,
      Progress progress)
      throws IOException {
    ImageFolder trained = training(folder, images);
    for (Backbone backbone : backbones(job.backbone())) {
      Extraction.run(cache, backbone, trained, job.strict(), progress);
    }
  }

  /**
   * Adds the variants' vectors to those of the images themselves.
   *
   * @param job the images and the network
   * @param cache where vectors are kept
   * @param vectors those of the images; what is returned owns them
   * @param images the images with their partitions
   * @param hashes the hash each image's vectors are filed under
   * @param maxBytes how many bytes of each variant's vectors may be held in memory
   * @param progress is told of every vector
   */
  PartitionedVectors add(
      ExtractionJob job,
      BottleneckCache cache,
      PartitionedVectors vectors,
      List<LabeledImage> images,
      Map<Path, ContentHash> hashes,
      long maxBytes,
      Progress progress) {
    List<LabeledImage> training = training(images);
    List<PartitionedVectors> more = new ArrayList<>();
    try {
      for (Backbone backbone : backbones(job.backbone())) {
        more.add(
            VectorLoader.load(cache, backbone.identity(), training, hashes, maxBytes, progress));
      }
    } catch (RuntimeException | Error e) {
      try (vectors) {
        more.forEach(PartitionedVectors::close);
        throw e;
      }
    }
    return more.isEmpty() ? vectors : vectors.withTraining(more);
  }

  /** The network as it sees each variant. */
  public List<Backbone> backbones(Backbone backbone) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(number -> new Variant(distortion, number))
        .map(variant -> backbone.with(backbone.preprocessing().withVariant(variant)))
        .toList();
  }

  /** The training images of a folder. */
  public static ImageFolder training(ImageFolder folder, List<LabeledImage> images) {
    Set<Path> paths = training(images).stream().map(LabeledImage::path).collect(Collectors.toSet());
    return folder.without(
        folder.files().stream().filter(file -> !paths.contains(file.path())).toList());
  }

  private static List<LabeledImage> training(List<LabeledImage> images) {
    return images.stream().filter(image -> image.partition() == Partition.TRAINING).toList();
  }
}
