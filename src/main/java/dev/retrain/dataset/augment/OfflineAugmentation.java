package dev.retrain.dataset.augment;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.augment.CopyOrder.Copy;
import dev.retrain.dataset.split.NohashCopies;
import dev.retrain.dataset.split.Split;
import dev.retrain.image.AffineWarper;
import dev.retrain.image.PixelLimit;
import dev.retrain.image.RgbImage;
import dev.retrain.image.SkippedFile;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.RgbDecoder;
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
 * Adds warped copies of training images to the class folders.
 *
 * <p>The order of copies does not depend on which ones exist, so an interrupted run and the next
 * one create the same files as one run. One thread per core creates copies, each with one image in
 * memory.
 */
public final class OfflineAugmentation {
  // Keeps the threads busy while the oldest copy is awaited.
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
   * The training images that are not copies themselves.
   *
   * @param folder the folder
   * @param split the split of its images
   */
  public static List<LabeledImage> sources(ImageFolder folder, Split split) {
    NohashCopies copies = new NohashCopies(folder.files());
    return split.images().stream()
        .filter(image -> image.partition() == Partition.TRAINING && !copies.isCopy(image.name()))
        .toList();
  }

  /**
   * Creates the copies that are missing.
   *
   * @param folder the folder
   * @param split the split of its images
   * @param perClass wanted number of images per class, including all partitions and copies; a class
   *     that has more keeps them; absent means the size of the largest class
   * @param options ranges of the warps
   * @param limit maximum size of an image
   * @param progress advances by one per copy
   * @throws RetrainException if a class needs copies and all its training images are unreadable
   * @throws CancelledException if the user cancelled; copies created so far are kept
   * @throws IOException if a copy can't be written
   */
  public static AugmentationResult run(
      ImageFolder folder,
      Split split,
      OptionalInt perClass,
      AugmentationOptions options,
      PixelLimit limit,
      Progress progress)
      throws IOException {
    // The pool is closed first: then no thread uses the graphs.
    try (RgbDecoder decoder = new RgbDecoder(limit);
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

  private record Pending(Copy copy, PendingResult<Optional<SkippedFile>> skipped) {}

  private void fill(int label, int missing, CopyOrder order) throws IOException {
    Deque<Pending> pending = new ArrayDeque<>();
    for (int remaining = missing; remaining > 0; ) {
      if (progress.cancelled()) {
        throw new CancelledException(
            "Interrupted: the copies created so far are kept. The next run creates the rest.");
      }
      // Never more than are wanted, so that the set of copies does not depend on timing.
      while (pending.size() < Math.min(AHEAD, remaining)) {
        Optional<Copy> next = order.next();
        if (next.isEmpty()) {
          break;
        }
        pending.add(new Pending(next.get(), workers.submit(() -> create(next.get()))));
      }
      if (pending.isEmpty()) {
        throw new RetrainException(
            "Class '%s' has no readable training image to copy. Add images or remove the folder.",
            folder.labels().get(label));
      }
      Pending oldest = pending.poll();
      Optional<SkippedFile> unreadable = oldest.skipped().result();
      if (unreadable.isEmpty()) {
        remaining--;
        added++;
        progress.advance(1);
      } else if (order.drop(oldest.copy().source())) {
        LOG.warn(
            "Skipped {}, which gets no copies: {}.",
            unreadable.get().path(),
            unreadable.get().reason());
        skipped.add(unreadable.get());
      }
    }
  }

  private Optional<SkippedFile> create(Copy copy) throws IOException {
    LabeledImage source = copy.source();
    RgbImage pixels;
    try {
      pixels = decoder.decode(RegularFile.read(source.path()));
    } catch (IOException | UnreadableImageException | OutOfMemoryError e) {
      return Optional.of(SkippedFile.from(source.path(), e));
    }
    AtomicFile.write(copy.path(), warper.png(pixels, options.draw(source.name(), copy.number())));
    return Optional.empty();
  }
}
