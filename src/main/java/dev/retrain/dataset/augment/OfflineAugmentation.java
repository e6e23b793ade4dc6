package dev.retrain.dataset.augment;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.NohashCopies;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.Split;
import dev.retrain.dataset.augment.CopyOrder.Copy;
import dev.retrain.image.AffineWarper;
import dev.retrain.image.RgbDecoder;
import dev.retrain.image.RgbImage;
import dev.retrain.image.SkippedFile;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.concurrent.PendingResult;
import dev.retrain.util.concurrent.WorkerPool;
import dev.retrain.util.io.AtomicFile;
import dev.retrain.util.io.RegularFile;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the classes of a folder with warped copies of their training images, beside these.
 *
 * <p>Copies are made in one order, whatever is there already: so what was interrupted is finished
 * to the same files. A thread a core makes them, each with one image in memory.
 */
public final class OfflineAugmentation {
  // Enough to keep the threads busy while the oldest copy is waited for.
  private static final int AHEAD = 4 * WorkerPool.COUNT;

  private static final Logger LOG = LoggerFactory.getLogger(OfflineAugmentation.class);

  private final ImageFolder folder;
  private final AugmentationOptions options;
  private final Progress progress;
  private final RgbDecoder decoder;
  private final AffineWarper warper;
  private final WorkerPool workers;

  private final List<SkippedFile> skipped = new ArrayList<>();
  private int added;

  private OfflineAugmentation(
      ImageFolder folder,
      AugmentationOptions options,
      Progress progress,
      RgbDecoder decoder,
      AffineWarper warper,
      WorkerPool workers) {
    this.folder = folder;
    this.options = options;
    this.progress = progress;
    this.decoder = decoder;
    this.warper = warper;
    this.workers = workers;
  }

  /**
   * The images copies may be made of.
   *
   * @param folder a folder
   * @param split its images by partition
   * @return those of the training partition that are no copies themselves
   */
  public static List<LabeledImage> sources(ImageFolder folder, Split split) {
    NohashCopies copies = new NohashCopies(folder.files());
    return split.images().stream()
        .filter(image -> image.partition() == Partition.TRAINING && !copies.isCopy(image.name()))
        .toList();
  }

  /**
   * Makes the copies that are missing.
   *
   * @param folder the folder
   * @param split its images by partition
   * @param perClass images each class is to have, all partitions and copies counted; a class that
   *     has more keeps them; absent means as many as the largest class has
   * @param options how copies differ from their images
   * @param progress is told of every copy, and may stop the work
   * @return what was done
   * @throws RetrainException where no training image of a class that needs copies can be read
   * @throws CancelledException where the user stopped it; every copy that was made is kept
   * @throws IOException where a copy can't be written
   */
  public static AugmentationResult run(
      ImageFolder folder,
      Split split,
      OptionalInt perClass,
      AugmentationOptions options,
      Progress progress)
      throws IOException {
    // Closed in the opposite order: by then, nobody is using the graphs.
    try (RgbDecoder decoder = new RgbDecoder();
        AffineWarper warper = new AffineWarper();
        WorkerPool workers = new WorkerPool()) {
      return new OfflineAugmentation(folder, options, progress, decoder, warper, workers)
          .run(split, perClass);
    }
  }

  private AugmentationResult run(Split split, OptionalInt perClass) throws IOException {
    int[] counts = new int[folder.labels().size()];
    split.images().forEach(image -> counts[image.label()]++);
    int wanted = perClass.orElseGet(() -> Arrays.stream(counts).max().orElseThrow());
    int[] missing = Arrays.stream(counts).map(count -> Math.max(0, wanted - count)).toArray();
    Map<Integer, List<LabeledImage>> sources =
        sources(folder, split).stream().collect(Collectors.groupingBy(LabeledImage::label));
    Set<String> present = folder.files().stream().map(ImageFile::name).collect(Collectors.toSet());
    progress.begin("Copies", "images", Arrays.stream(missing).asLongStream().sum());
    try {
      for (int label = 0; label < missing.length; label++) {
        fill(label, missing[label], new CopyOrder(sources.get(label), present));
      }
    } finally {
      progress.end();
    }
    return new AugmentationResult(wanted, kept(split), added, skipped);
  }

  private int kept(Split split) {
    NohashCopies copies = new NohashCopies(folder.files());
    return (int) split.images().stream().filter(image -> copies.isCopy(image.name())).count();
  }

  private record Pending(Copy copy, PendingResult<Optional<SkippedFile>> broken) {}

  private void fill(int label, int missing, CopyOrder order) throws IOException {
    Deque<Pending> pending = new ArrayDeque<>();
    for (int left = missing; left > 0; ) {
      if (progress.cancelled()) {
        throw new CancelledException(
            "Interrupted: the copies made so far are kept; the same command makes the others.");
      }
      // Never more than are wanted, should all be made: then which they are does not hang on time.
      while (pending.size() < Math.min(AHEAD, left)) {
        Optional<Copy> next = order.next();
        if (next.isEmpty()) {
          break;
        }
        pending.add(new Pending(next.get(), workers.submit(() -> make(next.get()))));
      }
      if (pending.isEmpty()) {
        throw new RetrainException(
            ("Class '%s' can't be filled: none of its images to train on can be read. Add some,"
                    + " or remove the folder.")
                .formatted(folder.labels().get(label)));
      }
      Pending oldest = pending.poll();
      Optional<SkippedFile> broken = oldest.broken().result();
      if (broken.isEmpty()) {
        left--;
        added++;
        progress.advance(1);
      } else if (order.drop(oldest.copy().source())) {
        LOG.warn("Made no copies of {}: {}.", broken.get().path(), broken.get().reason());
        skipped.add(broken.get());
      }
    }
  }

  private Optional<SkippedFile> make(Copy copy) throws IOException {
    LabeledImage source = copy.source();
    RgbImage pixels;
    try {
      pixels = decoder.decode(RegularFile.read(source.path()));
    } catch (IOException | UnreadableImageException | OutOfMemoryError e) {
      return Optional.of(SkippedFile.of(source.path(), e));
    }
    AtomicFile.write(copy.path(), warper.png(pixels, options.draw(source.name(), copy.number())));
    return Optional.empty();
  }
}
