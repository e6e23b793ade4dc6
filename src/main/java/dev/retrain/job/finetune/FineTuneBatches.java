package dev.retrain.job.finetune;

import dev.retrain.finetune.FineTuneOptions;
import dev.retrain.finetune.image.ActivationBatches;
import dev.retrain.finetune.image.ActivationFile;
import dev.retrain.finetune.image.BatchBuilder;
import dev.retrain.finetune.image.BatchSource;
import dev.retrain.finetune.image.ImageTargets;
import dev.retrain.finetune.image.PixelFile;
import dev.retrain.finetune.input.ActivationInputs;
import dev.retrain.finetune.layers.FineTuneNetwork;
import dev.retrain.finetune.network.NetworkShapes;
import dev.retrain.image.Preprocessing;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The training images of a fine-tuning: decoded or, if they are not distorted and the first layers
 * are not trained, as the values that these layers compute.
 *
 * <p>Owns its files; {@link #close()} frees them.
 */
final class FineTuneBatches implements AutoCloseable {
  /** Values may need this many times the space of the decoded images. */
  private static final int MAX_GROWTH = 2;

  private final PixelFile pixels;
  private final BatchBuilder images;
  private final Optional<ActivationFile> activations;
  private final BatchSource source;

  private FineTuneBatches(
      PixelFile pixels,
      BatchBuilder images,
      Optional<ActivationFile> activations,
      BatchSource source) {
    this.pixels = pixels;
    this.images = images;
    this.activations = activations;
    this.source = source;
  }

  /**
   * Decodes images.
   *
   * @param directory where they are stored
   * @param files the image files
   * @param size size and normalization of the images
   * @param targets what the network learns about them
   * @param network the network
   * @param options how it is trained
   * @param progress counts the images, and can cancel the work
   * @throws IOException if a file can't be written
   */
  static FineTuneBatches create(
      Path directory,
      List<Path> files,
      Preprocessing size,
      ImageTargets targets,
      FineTuneNetwork network,
      FineTuneOptions options,
      Progress progress)
      throws IOException {
    PixelFile pixels = PixelFile.create(directory, files, size, progress);
    try {
      BatchBuilder images =
          new BatchBuilder(pixels, targets, options.distortions(), options.seed());
      Optional<ActivationInputs> inputs =
          options.distortions().changesNothing() ? activations(network, size) : Optional.empty();
      if (inputs.isEmpty()) {
        return new FineTuneBatches(pixels, images, Optional.empty(), images);
      }
      ActivationFile values =
          ActivationFile.create(
              directory,
              pixels,
              images.inputs(size),
              network.network().frozen(),
              network.input(),
              inputs.get().cut(),
              inputs.get().length(),
              progress);
      return new FineTuneBatches(
          pixels,
          images,
          Optional.of(values),
          new ActivationBatches(values, inputs.get(), targets));
    } catch (IOException | RuntimeException | Error e) {
      try (pixels) {
        throw e;
      }
    }
  }

  private static Optional<ActivationInputs> activations(
      FineTuneNetwork network, Preprocessing size) {
    if (network.cut().isEmpty()) {
      return Optional.empty();
    }
    String cut = network.cut().get();
    List<Long> shape = NetworkShapes.infer(network.network().frozen()).of(cut);
    if (shape.size() < 2 || shape.stream().skip(1).anyMatch(side -> side < 1)) {
      return Optional.empty();
    }
    ActivationInputs inputs =
        new ActivationInputs(cut, shape.stream().skip(1).map(Math::toIntExact).toList());
    return (long) inputs.length() * Float.BYTES <= (long) MAX_GROWTH * size.imageLength()
        ? Optional.of(inputs)
        : Optional.empty();
  }

  /** The images as pixels. */
  BatchBuilder images() {
    return images;
  }

  /** What the network is trained on. */
  BatchSource source() {
    return source;
  }

  @Override
  public void close() throws IOException {
    try (pixels) {
      if (activations.isPresent()) {
        activations.get().close();
      }
    }
  }
}
