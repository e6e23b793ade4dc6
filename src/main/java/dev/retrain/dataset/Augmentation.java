package dev.retrain.dataset;

import dev.retrain.dataset.CopyOrder.Copy;
import dev.retrain.picture.PictureWarper;
import dev.retrain.picture.PixelDecoder;
import dev.retrain.picture.Pixels;
import dev.retrain.picture.SkippedPicture;
import dev.retrain.picture.UnreadablePicture;
import dev.retrain.work.AtomicFile;
import dev.retrain.work.Cancelled;
import dev.retrain.work.Failure;
import dev.retrain.work.Progress;
import dev.retrain.work.RegularFile;
import dev.retrain.work.Task;
import dev.retrain.work.Workers;
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
 * Fills the classes of a folder with warped copies of their training pictures, beside these.
 *
 * <p>Copies are made in one order, whatever is there already: so what was interrupted is finished
 * to the same files. A thread a core makes them, each with one picture in memory.
 */
public final class Augmentation {
  // Enough to keep the threads busy while the oldest copy is waited for.
  private static final int AHEAD = 4 * Workers.COUNT;

  private static final Logger LOG = LoggerFactory.getLogger(Augmentation.class);

  private final ImageFolder folder;
  private final AugmentationOptions options;
  private final Progress progress;
  private final PixelDecoder decoder;
  private final PictureWarper warper;
  private final Workers workers;

  private final List<SkippedPicture> skipped = new ArrayList<>();
  private int added;

  private Augmentation(
      ImageFolder folder,
      AugmentationOptions options,
      Progress progress,
      PixelDecoder decoder,
      PictureWarper warper,
      Workers workers) {
    this.folder = folder;
    this.options = options;
    this.progress = progress;
    this.decoder = decoder;
    this.warper = warper;
    this.workers = workers;
  }

  /**
   * The pictures copies may be made of.
   *
   * @param folder a folder
   * @param split its pictures by partition
   * @return those of the training partition that are no copies themselves
   */
  public static List<LabeledImage> sources(ImageFolder folder, Split split) {
    Copies copies = new Copies(folder.files());
    return split.images().stream()
        .filter(image -> image.partition() == Partition.TRAINING && !copies.isCopy(image.name()))
        .toList();
  }

  /**
   * Makes the copies that are missing.
   *
   * @param folder the folder
   * @param split its pictures by partition
   * @param perClass pictures each class is to have, all partitions and copies counted; a class that
   *     has more keeps them; absent means as many as the largest class has
   * @param options how copies differ from their pictures
   * @param progress is told of every copy, and may stop the work
   * @return what was done
   * @throws Failure where no training picture of a class that needs copies can be read
   * @throws Cancelled where the user stopped it; every copy that was made is kept
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
    try (PixelDecoder decoder = new PixelDecoder();
        PictureWarper warper = new PictureWarper();
        Workers workers = new Workers()) {
      return new Augmentation(folder, options, progress, decoder, warper, workers)
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
    progress.begin("Copies", "pictures", Arrays.stream(missing).asLongStream().sum());
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
    Copies copies = new Copies(folder.files());
    return (int) split.images().stream().filter(image -> copies.isCopy(image.name())).count();
  }

  private record Pending(Copy copy, Task<Optional<SkippedPicture>> broken) {}

  private void fill(int label, int missing, CopyOrder order) throws IOException {
    Deque<Pending> pending = new ArrayDeque<>();
    for (int left = missing; left > 0; ) {
      if (progress.cancelled()) {
        throw new Cancelled(
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
        throw new Failure(
            ("Class '%s' can't be filled: none of its pictures to train on can be read. Add some,"
                    + " or remove the folder.")
                .formatted(folder.labels().get(label)));
      }
      Pending oldest = pending.poll();
      Optional<SkippedPicture> broken = oldest.broken().result();
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

  private Optional<SkippedPicture> make(Copy copy) throws IOException {
    LabeledImage source = copy.source();
    Pixels pixels;
    try {
      pixels = decoder.decode(RegularFile.read(source.path()));
    } catch (IOException | UnreadablePicture | OutOfMemoryError e) {
      return Optional.of(SkippedPicture.of(source.path(), e));
    }
    AtomicFile.write(copy.path(), warper.png(pixels, options.draw(source.name(), copy.number())));
    return Optional.empty();
  }
}
