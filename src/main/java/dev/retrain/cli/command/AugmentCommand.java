package dev.retrain.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.option.AugmentationOptionsMixin;
import dev.retrain.cli.option.ImageOptions;
import dev.retrain.cli.option.OutputFileChecks;
import dev.retrain.cli.option.SplitOptionsMixin;
import dev.retrain.cli.output.TrainResultPrinter;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.job.dataset.AugmentJob;
import dev.retrain.job.dataset.ContactSheetJob;
import dev.retrain.util.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code retrain augment}. */
@Command(
    name = "augment",
    header = "Fill classes that have few images with warped copies of them.",
    description =
        "%nPuts the images of a directory into another (by hard links, where these can be had)"
            + " and adds copies of those that are trained on, turned, moved, slanted, scaled and"
            + " mirrored by chance, until every class has enough. Copies are called"
            + " <image>_nohash_<n>.png; 'train' uses them for training only. Give it the same"
            + " options of partitions as 'train'. Copies that are there are kept: an interrupted"
            + " run is finished by the same command.%n",
    footer = {
      "",
      "Examples:",
      "  retrain augment --contact-sheet sheet.png",
      "  retrain augment --to data/train2 --per-class 1000",
    })
public final class AugmentCommand extends RetrainCommand {
  private static final Path TRAIN = Path.of("data/train");

  /** Not for other images than those of {@link #TRAIN}: they would be mixed with these. */
  private static final Path TRAIN_2 = Path.of("data/train2");

  @Option(
      names = {"-i", "--image-dir"},
      paramLabel = "DIR",
      description =
          "A directory with a folder of images for each class. Default: ${DEFAULT-VALUE}.")
  private Path imageDir = TRAIN;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description =
          "The directory to fill; may be that of --image-dir, to put the copies beside their"
              + " images. Default: data/train2, for the images of data/train.")
  private Path to;

  @Option(
      names = "--per-class",
      paramLabel = "N",
      description =
          "Images every class is to have, those to validate and test with and the copies counted."
              + " Default: as many as the largest class.")
  private Integer perClass;

  @Option(
      names = "--contact-sheet",
      paramLabel = "FILE",
      description =
          "Only draw an image and its first 24 copies into this PNG file, to see what the options"
              + " do; an earlier one is written over.")
  private Path contactSheet;

  @Option(
      names = {"--image", "--picture"},
      paramLabel = "FILE",
      description = "The image for --contact-sheet. Default: the first that is trained on.")
  private Path image;

  @Mixin private AugmentationOptionsMixin ranges;
  @Mixin private SplitOptionsMixin partitions;

  /**
   * @param interruption the user's wish to stop
   */
  public AugmentCommand(Interruption interruption) {
    super(interruption);
  }

  @Override
  public ExitCode run() throws IOException {
    if (contactSheet == null) {
      augment();
    } else {
      drawContactSheet();
    }
    return ExitCode.OK;
  }

  private void augment() throws IOException {
    long start = System.nanoTime();
    if (to == null && !imageDir.equals(TRAIN)) {
      throw usage("--to is missing: name the directory to fill, or a --contact-sheet to draw");
    }
    if (to == null) {
      to = TRAIN_2;
    }
    if (image != null) {
      throw usage("--image goes with --contact-sheet only");
    }
    AugmentJob job;
    try {
      job =
          new AugmentJob(
              imageDir,
              to,
              partitions.split(),
              perClass == null ? OptionalInt.empty() : OptionalInt.of(perClass),
              ranges.options());
    } catch (IllegalArgumentException e) {
      throw usage(e);
    }
    ImageOptions.checkDirectory(this, imageDir);
    checkTarget();
    loadTensorFlow();
    print(job.run(progress()), (System.nanoTime() - start) / 1e9);
  }

  private void drawContactSheet() throws IOException {
    if (to != null || perClass != null) {
      throw usage("--contact-sheet draws an image and nothing else; leave out --to, --per-class");
    }
    ContactSheetJob job;
    try {
      job =
          new ContactSheetJob(
              imageDir,
              Optional.ofNullable(image),
              partitions.split(),
              ranges.options(),
              contactSheet);
    } catch (IllegalArgumentException e) {
      throw usage(e);
    }
    if (image == null) {
      ImageOptions.checkDirectory(this, imageDir);
    } else if (!Files.isRegularFile(image)) {
      throw usage("--image %s is not a file".formatted(image));
    } else if (Files.exists(contactSheet) && Files.isSameFile(contactSheet, image)) {
      throw usage("--contact-sheet %s would write over the image".formatted(contactSheet));
    }
    new OutputFileChecks(this).with("--contact-sheet", Optional.of(contactSheet)).outside(imageDir);
    loadTensorFlow();
    Path shown = job.run();
    if (json()) {
      printJson(
          Json.mapper()
              .createObjectNode()
              .put("contact_sheet", contactSheet.toString())
              .put("image", shown.toString()));
    } else {
      line("%s shows %s, then 24 copies of it.", contactSheet, shown);
    }
  }

  // One inside the other would be taken for a class.
  private void checkTarget() throws IOException {
    if (Files.exists(to) && !Files.isDirectory(to)) {
      throw usage("--to %s is not a directory".formatted(to));
    }
    Path source = imageDir.toRealPath();
    Path target = Files.exists(to) ? to.toRealPath() : to.toAbsolutePath().normalize();
    if (!source.equals(target) && (source.startsWith(target) || target.startsWith(source))) {
      throw usage(
          "--to %s and --image-dir %s lie one in the other; name a directory beside it, or the same"
              .formatted(to, imageDir));
    }
  }

  private void print(AugmentJob.Result report, double seconds) throws IOException {
    if (json()) {
      ObjectNode node = Json.mapper().createObjectNode();
      node.put("directory", to.toString());
      node.put("classes", report.classes());
      node.put("per_class", report.perClass());
      node.put("originals_added", report.originals());
      node.put("copies_kept", report.kept());
      node.put("copies_added", report.added());
      node.put("skipped", report.skipped().size());
      node.set("skipped_images", TrainResultPrinter.skipped(report.skipped()));
      node.put("seconds", seconds);
      printJson(node);
    } else if (report.originals() == 0 && report.added() == 0) {
      line(
          "%s is full: each of %,d classes has %,d images or more, %,d copies among them. Nothing"
              + " was to be done.",
          to, report.classes(), report.perClass(), report.kept());
    } else {
      line(
          "Each of %,d classes in %s has %,d images or more: %,d copies made, %,d kept; %,d"
              + " originals put there; %,d left out; %.1f seconds.",
          report.classes(),
          to,
          report.perClass(),
          report.added(),
          report.kept(),
          report.originals(),
          report.skipped().size(),
          seconds);
    }
  }
}
