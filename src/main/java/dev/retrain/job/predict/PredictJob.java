package dev.retrain.job.predict;

import dev.retrain.backbone.ExecutionConfig;
import dev.retrain.image.ImageDecoder;
import dev.retrain.image.SkippedFile;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.model.ImageClassifier.Prediction;
import dev.retrain.model.ModelBundle;
import dev.retrain.model.ModelSession;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.concurrent.PendingResult;
import dev.retrain.util.concurrent.WorkerPool;
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
 * Classifies images with a model on disk, any number of them in the same memory: while some are run
 * through the network in batches, the next are decoded.
 *
 * @param model its graph, or the description beside it
 * @param top how many of the most probable classes are told of each image, at least 1
 */
public record PredictJob(Path model, int top) {
  /** Checks the range. */
  public PredictJob {
    if (top < 1) {
      throw new IllegalArgumentException("top must be at least 1, but is " + top);
    }
  }

  /**
   * What became of an image.
   *
   * @param image its file
   * @param predictions the most probable classes, the most probable first; none where there is a
   *     reason
   * @param reason why it can't be classified
   */
  public record Classified(Path image, List<Prediction> predictions, Optional<String> reason) {
    /** Copies the list. */
    public Classified {
      predictions = List.copyOf(predictions);
    }
  }

  /** Takes what becomes of images, as it comes. */
  @FunctionalInterface
  public interface Taker {
    /**
     * @param images the next ones, in their order, at least one
     * @return whether more are wanted
     * @throws IOException where they can't be passed on
     */
    boolean take(List<Classified> images) throws IOException;
  }

  /**
   * Runs it.
   *
   * @param paths the images
   * @param taker takes them in that order; what is done before more paths can be read is passed on
   *     first
   * @param progress is told of every image, and may stop the work
   * @throws RetrainException where the model can't be used
   * @throws CancelledException where the user stopped it
   * @throws IOException where a model's file or the paths can't be read
   */
  public void run(InputPaths paths, Taker taker, Progress progress) throws IOException {
    ModelBundle stored = ModelBundle.read(model);
    ExecutionConfig execution = ExecutionConfig.forThisMachine();
    progress.begin("Predicting", "images", Progress.UNKNOWN);
    try (ImageDecoder decoder = new ImageDecoder(stored.preprocessing());
        ModelSession session = ModelSession.open(stored, execution.oneThread());
        WorkerPool decoding = new WorkerPool();
        WorkerPool running = new WorkerPool(execution.callers())) {
      Deque<PendingResult<List<Classified>>> pending = new ArrayDeque<>();
      boolean more = true;
      while (more || !pending.isEmpty()) {
        if (progress.cancelled()) {
          throw new CancelledException("Interrupted: the images that are not listed are left.");
        }
        boolean full = pending.size() > 2 * execution.callers();
        if (more && !full && (pending.isEmpty() || paths.ready())) {
          List<Path> group = paths.next(execution.batch());
          more = !group.isEmpty();
          if (more) {
            List<PendingResult<Loaded>> loading =
                group.stream().map(path -> decoding.submit(() -> load(path, decoder))).toList();
            pending.add(running.submit(() -> classify(stored, session, loading)));
          }
        } else {
          List<Classified> done = pending.remove().join();
          progress.advance(done.size());
          if (!taker.take(done)) {
            return;
          }
        }
      }
    } finally {
      progress.end();
    }
  }

  /** An image with its pixels, or why there are none. */
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
      return "there is no such file";
    }
    if (Files.isDirectory(path)) {
      return "the folder can't be listed, or leads back to one that holds it";
    }
    return SkippedFile.from(path, cause).reason();
  }

  private List<Classified> classify(
      ModelBundle stored, ModelSession session, List<PendingResult<Loaded>> loading) {
    List<Loaded> group = loading.stream().map(PendingResult::join).toList();
    List<float[]> images = group.stream().flatMap(one -> one.pixels().stream()).toList();
    float[] probabilities = images.isEmpty() ? new float[0] : session.ofImages(images);
    List<String> labels = stored.description().labels();
    int most = Math.min(top, labels.size());
    List<Classified> classified = new ArrayList<>();
    int row = 0;
    for (Loaded one : group) {
      boolean read = one.pixels().isPresent();
      classified.add(
          new Classified(
              one.path(),
              read
                  ? Prediction.ranked(labels, probabilities, row * labels.size()).subList(0, most)
                  : List.of(),
              one.reason()));
      row += read ? 1 : 0;
    }
    return classified;
  }
}
