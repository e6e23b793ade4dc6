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
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Progress;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Distorted variants of the training images to train on as well. Their vectors are cached like all
 * others, keyed by the image's content and an identity of the backbone that includes the variant.
 *
 * @param count variants per image, 0 (none, the default) to 1000
 * @param distortion the ranges they are drawn from
 */
public record OnlineAugmentation(int count, Distortion distortion) {
  /** No variants. */
  public static final OnlineAugmentation NONE = new OnlineAugmentation(0, Distortion.DEFAULT);

  public OnlineAugmentation {
    if (count < 0 || count > 1000) {
      throw new InvalidSettingException(
          Setting.AUGMENT, "must be from 0 to 1000, but is %d", count);
    }
    if (count > 0 && distortion.changesNothing()) {
      throw new InvalidSettingException(
          Setting.AUGMENT, "is %d, but all distortions are switched off", count);
    }
  }

  /**
   * Computes the vectors that are missing in the cache.
   *
   * @param job the images and the backbone
   * @param cache the cache
   * @param folder the images
   * @param images the images with their sets
   * @param progress receives the progress, and can cancel the work
   */
  void extract(
      ExtractionJob job,
      BottleneckCache cache,
      ImageFolder folder,
      List<LabeledImage> images,
      Progress progress)
      throws IOException {
    ImageFolder training = training(folder, images);
    for (Backbone backbone : backbones(job.backbone())) {
      Extraction.run(cache, backbone, training, job.strict(), progress);
    }
  }

  /**
   * Adds the variants' vectors to the vectors of the images themselves.
   *
   * @param job the images and the backbone
   * @param cache the cache
   * @param vectors the images' vectors; the result owns them
   * @param images the images with their sets
   * @param hashes the hash that keys each image's vectors
   * @param maxBytes upper limit of the memory for one variant's vectors
   * @param progress receives the progress
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

  /** The backbone with the preprocessing of each variant. */
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
