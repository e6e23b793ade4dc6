package dev.retrain.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.option.OutputFileChecks;
import dev.retrain.cli.option.UsageErrors;
import dev.retrain.cli.option.data.AugmentationOptionsMixin;
import dev.retrain.cli.option.data.ImageOptions;
import dev.retrain.cli.option.data.PixelLimitOption;
import dev.retrain.cli.option.data.SplitOptionsMixin;
import dev.retrain.cli.output.SkippedFilesJson;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.job.dataset.AugmentJob;
import dev.retrain.job.dataset.ContactSheetJob;
import dev.retrain.util.Json;
import dev.retrain.util.text.Counted;
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
    header = "Balance the classes with randomly transformed copies of their images.",
    description =
        "%nLinks or copies the images of a directory into another one and adds randomly rotated,"
            + " shifted, sheared, zoomed and flipped copies of the training images until every"
            + " class has enough. Copies are named <image>_nohash_<n>.png; 'train' uses them for"
            + " training only. Use the same split options as for 'train'. Existing copies are kept:"
            + " the same command resumes an interrupted run.%n",
    footer = {
      "",
      "Examples:",
      "  retrain augment --contact-sheet sheet.png",
      "  retrain augment --to data/train2 --per-class 1000",
    })
public final class AugmentCommand extends RetrainCommand {
  private static final Path TRAIN = Path.of("data/train");

  /** The default target for {@link #TRAIN} only, so that no other images are mixed into it. */
  private static final Path TRAIN_2 = Path.of("data/train2");

  @Option(
      names = {"-i", "--image-dir"},
      paramLabel = "DIR",
      description = "A directory with one folder of images per class. Default: ${DEFAULT-VALUE}.")
  private Path imageDir = TRAIN;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description =
          "The output directory; may be that of --image-dir, to write the copies beside their"
              + " images. Default: data/train2, for the images of data/train.")
  private Path to;

  @Option(
      names = "--per-class",
      paramLabel = "N",
      description =
          "The target number of images per class, including copies and the validation and"
              + " test images. Default: that of the largest class.")
  private Integer perClass;

  @Option(
      names = "--contact-sheet",
      paramLabel = "FILE",
      description =
          "Only draw an image and its first 24 copies into this PNG file, to preview the options;"
              + " an existing file is overwritten.")
  private Path contactSheet;

  @Option(
      names = {"--image", "--picture"},
      paramLabel = "FILE",
      description = "The image for --contact-sheet. Default: the first training image.")
  private Path image;

  /** Only for its message: copies are written into class folders. */
  @Option(names = "--manifest", paramLabel = "FILE", hidden = true)
  private Path manifest;

  @Mixin private AugmentationOptionsMixin transformations;
  @Mixin private SplitOptionsMixin split;
  @Mixin private PixelLimitOption pixels;

  /**
   * @param interruption requests to stop the command
   */
  public AugmentCommand(Interruption interruption) {
    super(interruption);
  }

  @Override
  protected ExitCode run() throws IOException {
    if (manifest != null) {
      throw usage(
          "--manifest is not accepted, because copies are written into class folders; use"
              + " --image-dir, or let 'train --manifest' distort the images with --random-scale"
              + " and its like");
    }
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
      throw usage("--to is missing; give the output directory, or --contact-sheet for a preview");
    }
    if (to == null) {
      to = TRAIN_2;
    }
    if (image != null) {
      throw usage("--image requires --contact-sheet");
    }
    AugmentJob job =
        UsageErrors.validate(
            spec(),
            () ->
                new AugmentJob(
                    imageDir,
                    to,
                    split.split(),
                    perClass == null ? OptionalInt.empty() : OptionalInt.of(perClass),
                    transformations.options(),
                    pixels.limit()));
    ImageOptions.requireDirectory(spec(), imageDir);
    checkTarget();
    loadTensorFlow();
    print(job.run(progress()), (System.nanoTime() - start) / 1e9);
  }

  private void drawContactSheet() throws IOException {
    if (to != null || perClass != null) {
      throw usage("--contact-sheet cannot be combined with --to or --per-class");
    }
    ContactSheetJob job =
        UsageErrors.validate(
            spec(),
            () ->
                new ContactSheetJob(
                    imageDir,
                    Optional.ofNullable(image),
                    split.split(),
                    transformations.options(),
                    pixels.limit(),
                    contactSheet));
    if (image == null) {
      ImageOptions.requireDirectory(spec(), imageDir);
    } else if (!Files.isRegularFile(image)) {
      throw usage("--image %s is not a file", image);
    } else if (Files.exists(contactSheet) && Files.isSameFile(contactSheet, image)) {
      throw usage("--contact-sheet %s would overwrite the image", contactSheet);
    }
    new OutputFileChecks(spec())
        .add("--contact-sheet", Optional.of(contactSheet))
        .outside(imageDir);
    loadTensorFlow();
    Path drawn = job.run();
    if (json()) {
      printJson(
          Json.mapper()
              .createObjectNode()
              .put("contact_sheet", contactSheet.toString())
              .put("image", drawn.toString()));
    } else {
      line("%s shows %s and 24 copies of it.", contactSheet, drawn);
    }
  }

  /** A directory inside the other would become a class. */
  private void checkTarget() throws IOException {
    if (Files.exists(to) && !Files.isDirectory(to)) {
      throw usage("--to %s is not a directory", to);
    }
    Path source = imageDir.toRealPath();
    Path target = Files.exists(to) ? to.toRealPath() : to.toAbsolutePath().normalize();
    if (!source.equals(target) && (source.startsWith(target) || target.startsWith(source))) {
      throw usage(
          "--to %s and --image-dir %s contain one another; choose a separate directory, or the"
              + " same",
          to, imageDir);
    }
  }

  private void print(AugmentJob.Result result, double seconds) throws IOException {
    if (json()) {
      ObjectNode node = Json.mapper().createObjectNode();
      node.put("directory", to.toString());
      node.put("classes", result.classes());
      node.put("per_class", result.perClass());
      node.put("originals_added", result.originals());
      node.put("copies_kept", result.kept());
      node.put("copies_added", result.added());
      node.put("skipped", result.skipped().size());
      node.set("skipped_images", SkippedFilesJson.toJson(result.skipped()));
      node.put("seconds", seconds);
      printJson(node);
    } else if (result.originals() == 0 && result.added() == 0) {
      line(
          "Nothing to do: in %s, each of %s has at least %s, including %s.",
          to,
          Counted.of(result.classes(), "class"),
          Counted.of(result.perClass(), "image"),
          Counted.of(result.kept(), "copy"));
    } else {
      line(
          "Each of %s in %s has at least %s: %s created, %,d kept; %s added; %,d skipped; %.1f s.",
          Counted.of(result.classes(), "class"),
          to,
          Counted.of(result.perClass(), "image"),
          Counted.of(result.added(), "copy"),
          result.kept(),
          Counted.of(result.originals(), "original"),
          result.skipped().size(),
          seconds);
    }
  }
}
