package dev.retrain.job.predict;

import dev.retrain.backbone.ExecutionConfig;
import dev.retrain.image.PixelLimit;
import dev.retrain.image.SkippedFile;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.model.ImageClassifier.Prediction;
import dev.retrain.model.ModelBundle;
import dev.retrain.model.ModelMetadata;
import dev.retrain.model.ModelSession;
import dev.retrain.model.legacy.ModelHints;
import dev.retrain.util.CancelledException;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.concurrent.PendingResult;
import dev.retrain.util.concurrent.WorkerPool;
import dev.retrain.util.io.NameEncoding;
import dev.retrain.util.io.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Classifies any number of images with a model on disk, in constant memory: the next images are
 * decoded while the model classifies a batch.
 *
 * @param model the model's graph or metadata file
 * @param top number of most probable classes per image, at least 1
 * @param trustGraph whether the model's graph may run whatever its ops are
 * @param pixelLimit maximum size of an image; a larger one is reported as one that can't be read
 * @param hints what the user says about a model without metadata
 */
public record PredictJob(
    Path model, int top, boolean trustGraph, PixelLimit pixelLimit, ModelHints hints) {
  public PredictJob {
    if (top < 1) {
      throw new InvalidSettingException(Setting.TOP, "must be at least 1, but is %d", top);
    }
  }

  /** A job without hints. */
  public PredictJob(Path model, int top, boolean trustGraph, PixelLimit pixelLimit) {
    this(model, top, trustGraph, pixelLimit, ModelHints.NONE);
  }

  /**
   * The result for an image.
   *
   * @param image its file
   * @param predictions the most probable classes in descending order of probability; empty if the
   *     image can't be classified
   * @param labels the classes whose probability reaches their threshold, in descending order of
   *     probability; absent if the model gives an image exactly one label, or the image can't be
   *     classified
   * @param reason why the image can't be classified
   */
  public record Classified(
      Path image,
      List<Prediction> predictions,
      Optional<List<Prediction>> labels,
      Optional<String> reason) {
    public Classified {
      predictions = List.copyOf(predictions);
      labels = labels.map(List::copyOf);
    }
  }

  /** Receives results while images are being classified. */
  @FunctionalInterface
  public interface ResultConsumer {
    /**
     * @param images the next results, in the order of the paths, at least one
     * @return whether to continue
     * @throws IOException if the results can't be passed on
     */
    boolean accept(List<Classified> images) throws IOException;
  }

  /**
   * Classifies images.
   *
   * @param paths the images
   * @param consumer receives the results in the order of the paths; results are passed on before
   *     the job waits for more paths
   * @param progress receives the progress, and can cancel the work
   * @throws RetrainException if the model can't be used
   * @throws CancelledException if the user cancels
   * @throws IOException if the model or the paths can't be read
   */
  public void run(InputPaths paths, ResultConsumer consumer, Progress progress) throws IOException {
    ModelBundle bundle = ModelBundle.read(model, trustGraph, hints);
    ExecutionConfig execution = ExecutionConfig.forThisMachine();
    progress.begin("Predicting", "images", Progress.UNKNOWN);
    try (ImageDecoder decoder =
            new ImageDecoder(bundle.preprocessing().withPixelLimit(pixelLimit));
        ModelSession session = ModelSession.open(bundle, execution.oneThread());
        WorkerPool decoding = new WorkerPool();
        WorkerPool running = new WorkerPool(execution.callers())) {
      Deque<PendingResult<List<Classified>>> pending = new ArrayDeque<>();
      boolean more = true;
      while (more || !pending.isEmpty()) {
        if (progress.cancelled()) {
          throw new CancelledException(
              "Interrupted: the images that are not listed were not classified.");
        }
        boolean full = pending.size() > 2 * execution.callers();
        if (more && !full && (pending.isEmpty() || paths.ready())) {
          List<Path> group = paths.next(execution.batch());
          more = !group.isEmpty();
          if (more) {
            List<PendingResult<Loaded>> loading =
                group.stream().map(path -> decoding.submit(() -> load(path, decoder))).toList();
            pending.add(running.submit(() -> classify(bundle, session, loading)));
          }
        } else {
          List<Classified> done = pending.remove().join();
          progress.advance(done.size());
          if (!consumer.accept(done)) {
            return;
          }
        }
      }
    } finally {
      progress.end();
    }
  }

  /** A decoded image, or the reason why it can't be decoded. */
  private record Loaded(Path path, Optional<float[]> pixels, Optional<String> reason) {}

  private static Loaded load(Path path, ImageDecoder decoder) {
    try {
      return new Loaded(
          path, Optional.of(decoder.decode(RegularFile.read(path))), Optional.empty());
    } catch (UnreadableImageException | IOException | OutOfMemoryError e) {
      return new Loaded(path, Optional.empty(), Optional.of(reason(path, e)));
    }
  }

  private static String reason(Path path, Throwable cause) {
    if (cause instanceof NoSuchFileException) {
      return NameEncoding.isLossy(path.toString())
          ? "its name is not valid in the locale's encoding, and no file, or more than one, matches it"
          : "the file doesn't exist";
    }
    if (Files.isDirectory(path)) {
      return "the folder can't be listed, or is a link to a folder that contains it";
    }
    return SkippedFile.from(path, cause).reason();
  }

  private List<Classified> classify(
      ModelBundle bundle, ModelSession session, List<PendingResult<Loaded>> loading) {
    List<Loaded> group = loading.stream().map(PendingResult::join).toList();
    List<float[]> images = group.stream().flatMap(image -> image.pixels().stream()).toList();
    float[] probabilities = images.isEmpty() ? new float[0] : session.classifyImages(images);
    List<String> labels = bundle.metadata().labels();
    ModelMetadata.Output output = bundle.metadata().output();
    int limit = Math.min(top, labels.size());
    List<Classified> classified = new ArrayList<>();
    int row = 0;
    for (Loaded image : group) {
      boolean decoded = image.pixels().isPresent();
      List<Prediction> ranked =
          decoded ? Prediction.ranked(labels, probabilities, row * labels.size()) : List.of();
      classified.add(
          new Classified(
              image.path(),
              ranked.subList(0, Math.min(limit, ranked.size())),
              decoded && output.multiLabel()
                  ? Optional.of(Prediction.above(ranked, labels, output.thresholds()))
                  : Optional.empty(),
              image.reason()));
      row += decoded ? 1 : 0;
    }
    return classified;
  }
}
