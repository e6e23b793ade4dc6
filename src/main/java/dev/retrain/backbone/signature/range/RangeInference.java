package dev.retrain.backbone.signature.range;

import dev.retrain.backbone.graph.SafeText;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.backbone.signature.range.BatchNormProbe.Fit;
import dev.retrain.image.Normalization;
import dev.retrain.image.Preprocessing;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.ImageDecoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.GraphDef;

/**
 * Chooses the range of color values that a network accepts: what the user says; else what the
 * graph's own rescaling says; else TF Hub's convention, where it applies; else what the first batch
 * normalization says on a sample of the images; else the default, -1 to 1.
 *
 * @param name name of the network in messages
 * @param graph the graph
 * @param input the tensor that accepts images
 * @param bytes whether the graph itself converts uint8 values
 * @param hubConvention whether the network follows TF Hub's convention
 * @param trusted whether the graph may run whatever its ops are
 * @param sample the user's images
 */
public record RangeInference(
    String name,
    GraphDef graph,
    String input,
    boolean bytes,
    boolean hubConvention,
    boolean trusted,
    ImageSample sample) {
  /** Number of images that are run up to the first batch normalization. */
  static final int SAMPLE = 32;

  /**
   * PyTorch's standard deviations differ from other ranges only by a factor that images of unusual
   * contrast have, too. ImageNet's contrast is 58.
   */
  private static final double MIN_CONTRAST = 40;

  private static final double MAX_CONTRAST = 90;

  /** The scales of -1 to 1 and 0 to 1 differ by 2. */
  private static final double MAX_SCALE_RATIO = 1.5;

  private static final Logger LOG = LoggerFactory.getLogger(RangeInference.class);

  /**
   * A range.
   *
   * @param normalization the means and standard deviations
   * @param reason what was inferred and why, in a sentence; absent if the user said it
   * @param warning what contradicts it, in a sentence
   */
  public record Choice(
      Normalization normalization, Optional<String> reason, Optional<String> warning) {}

  /**
   * Chooses the range.
   *
   * @param options what the user says
   * @param missing the default
   * @param size images of this size are fed
   * @throws dev.retrain.util.InvalidSettingException if a number is out of range
   * @throws dev.retrain.util.RetrainException if the graph is refused
   * @throws IOException if the images can't be listed
   */
  public Choice choose(ColorOptions options, Normalization missing, Preprocessing size)
      throws IOException {
    Optional<Normalization> given = options.normalization(missing);
    if (given.isPresent()) {
      return new Choice(given.get(), Optional.empty(), contradiction(given.get(), options, size));
    }
    if (bytes) {
      return choice(options.ordered(missing), "the input is uint8");
    }
    Optional<Rescaling> rescaling = rescaling();
    Optional<ValueRange> rescaled = rescaling.flatMap(Rescaling::inputRange);
    if (rescaled.isPresent()) {
      return choice(
          options.ordered(rescaled.get().normalization()),
          "the graph rescales its input itself, at '%s'"
              .formatted(SafeText.quote(rescaling.get().first().orElseThrow())));
    }
    if (hubConvention) {
      Normalization unit = options.ordered(ValueRange.UNIT.normalization());
      return new Choice(
          unit,
          choice(unit, "the convention of TF Hub").reason(),
          contradiction(unit, options, size));
    }
    RangeFits fits = fits(candidates(options), size);
    Optional<Fit> best = fits.best(options);
    return best.isPresent()
        ? choice(best.get().normalization(), measured(fits, best.get()))
        : choice(
            options.ordered(missing), "the default, because nothing in the graph says another");
  }

  private static Choice choice(Normalization normalization, String reason) {
    return new Choice(
        normalization,
        Optional.of("Range of color values %s: %s.".formatted(ColorText.of(normalization), reason)),
        Optional.empty());
  }

  private static String measured(RangeFits fits, Fit best) {
    return String.format(
        Locale.ROOT,
        "with it, the variance of %d images at the first batch normalization is %s times that of"
            + " the network's training (%s)",
        fits.images(),
        RangeFits.ratio(best),
        fits.others(best));
  }

  private Optional<String> contradiction(
      Normalization given, ColorOptions options, Preprocessing size) throws IOException {
    Set<Normalization> measured = new LinkedHashSet<>(candidates(options));
    measured.add(given);
    RangeFits fits = fits(measured, size);
    return fits.contradicting(given, options)
        .map(
            best ->
                String.format(
                    Locale.ROOT,
                    "%s seems to accept color values in the range %s, not %s: the variance of %d"
                        + " images at its first batch normalization is %s times that of its"
                        + " training, with the other range %s times.",
                    name,
                    ColorText.of(best.normalization()),
                    ColorText.of(given),
                    fits.images(),
                    RangeFits.ratio(fits.fit(given).orElseThrow()),
                    RangeFits.ratio(best)))
        .or(() -> fits.isGood(given) ? Optional.empty() : rescaled(given, options));
  }

  private Optional<Rescaling> rescaling() {
    return new Readers(graph).rescaling(TensorNames.operation(input));
  }

  /** How the graph's own rescaling contradicts a range. */
  private Optional<String> rescaled(Normalization given, ColorOptions options) {
    return rescaling()
        .flatMap(
            rescaling ->
                rescaling
                    .inputRange()
                    .map(ValueRange::normalization)
                    .map(options::ordered)
                    .filter(taken -> !isSimilar(given, taken))
                    .map(
                        taken ->
                            "%s seems to accept color values in the range %s, not %s: it rescales its"
                                    .formatted(name, ColorText.of(taken), ColorText.of(given))
                                + " input itself, at '%s'."
                                    .formatted(SafeText.quote(rescaling.first().orElseThrow()))));
  }

  /** Whether two scales differ by less than those of neighboring ranges. */
  private static boolean isSimilar(Normalization a, Normalization b) {
    double ratio = a.std(0) / b.std(0);
    return ratio > 1 / MAX_SCALE_RATIO && ratio < MAX_SCALE_RATIO;
  }

  private static Set<Normalization> candidates(ColorOptions options) {
    Set<Normalization> candidates = new LinkedHashSet<>();
    for (ValueRange range : ValueRange.values()) {
      candidates.add(options.ordered(range.normalization()));
    }
    return candidates;
  }

  private RangeFits fits(Set<Normalization> candidates, Preprocessing size) throws IOException {
    Optional<FirstBatchNorm> norm = FirstBatchNorm.find(graph, TensorNames.operation(input));
    if (norm.isEmpty()) {
      return RangeFits.NONE;
    }
    List<float[]> images = images(size);
    if (images.isEmpty()) {
      return RangeFits.NONE;
    }
    boolean usual = hasUsualContrast(images);
    try (BatchNormProbe probe =
        new BatchNormProbe(name, graph, input, norm.get(), trusted, size.height(), size.width())) {
      List<Fit> fits =
          candidates.stream()
              .filter(
                  one -> usual || !ValueRange.of(one).filter(ValueRange.TORCH::equals).isPresent())
              .map(one -> probe.measure(images, one))
              .toList();
      return new RangeFits(fits, images.size());
    } catch (IllegalArgumentException | TensorFlowException e) {
      // If the network itself can't run, its first use reports it.
      LOG.debug("The first batch normalization of {} can't be run", name, e);
      return RangeFits.NONE;
    }
  }

  /** The decoded images, in an order that depends only on their content. */
  private List<float[]> images(Preprocessing size) throws IOException {
    Preprocessing plain =
        new Preprocessing(size.height(), size.width(), ValueRange.BYTES.normalization())
            .withPixelLimit(size.pixelLimit());
    List<float[]> images = new ArrayList<>();
    try (ImageDecoder decoder = new ImageDecoder(plain)) {
      for (byte[] content : sample.read(SAMPLE).stream().sorted(Arrays::compare).toList()) {
        try {
          images.add(decoder.decode(content));
        } catch (UnreadableImageException e) {
          // Extraction reports it.
          LOG.debug("An image is not sampled", e);
        }
      }
    }
    return images;
  }

  private static boolean hasUsualContrast(List<float[]> images) {
    double sum = 0;
    double square = 0;
    long count = 0;
    for (float[] image : images) {
      for (float value : image) {
        sum += value;
        square += (double) value * value;
      }
      count += image.length;
    }
    double mean = sum / count;
    double contrast = Math.sqrt(square / count - mean * mean);
    return contrast >= MIN_CONTRAST && contrast <= MAX_CONTRAST;
  }
}
