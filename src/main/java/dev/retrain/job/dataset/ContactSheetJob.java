package dev.retrain.job.dataset;

import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.augment.AugmentationOptions;
import dev.retrain.dataset.augment.OfflineAugmentation;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.dataset.split.Splitter;
import dev.retrain.image.AffineWarp;
import dev.retrain.image.PixelLimit;
import dev.retrain.image.SkippedFile;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.RgbDecoder;
import dev.retrain.image.render.ContactSheet;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.AtomicFile;
import dev.retrain.util.io.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Draws an image and the first distorted copies that an augmentation would make of it.
 *
 * @param imageDir the directory with the class folders
 * @param image the image; absent for the first training image
 * @param split how images will be split into training, validation and test sets
 * @param options the ranges of the distortions
 * @param pixelLimit maximum size of the image
 * @param sheet the PNG file to write; an earlier one is replaced
 */
public record ContactSheetJob(
    Path imageDir,
    Optional<Path> image,
    SplitOptions split,
    AugmentationOptions options,
    PixelLimit pixelLimit,
    Path sheet) {
  /**
   * Draws the sheet.
   *
   * @return the image it shows
   * @throws RetrainException if the image can't be read
   * @throws IOException if the file can't be written
   */
  public Path run() throws IOException {
    Path source;
    String name;
    if (image.isPresent()) {
      source = image.get();
      name = nameInFolder(source);
    } else {
      LabeledImage first = firstTrainingImage();
      source = first.path();
      name = first.name();
    }
    List<AffineWarp> warps =
        IntStream.rangeClosed(1, ContactSheet.VARIANTS)
            .mapToObj(number -> options.draw(name, number))
            .toList();
    try (RgbDecoder decoder = new RgbDecoder(pixelLimit)) {
      byte[] png = ContactSheet.png(decoder.decode(RegularFile.read(source)), warps);
      AtomicFile.write(sheet, png);
    } catch (UnreadableImageException e) {
      throw new RetrainException(
          e,
          "%s: %s. Change %s.",
          source,
          SkippedFile.from(source, e).reason(),
          Setting.CONTACT_SHEET_IMAGE);
    }
    return source;
  }

  private LabeledImage firstTrainingImage() throws IOException {
    AugmentJob.checkNotSplit(imageDir);
    ImageFolder folder = ImageFolder.scan(imageDir);
    return OfflineAugmentation.sources(folder, Splitter.split(folder, folder.files(), split))
        .get(0);
  }

  /** The name in the image folder, which determines the distortions. */
  private String nameInFolder(Path file) {
    Path directory = imageDir.toAbsolutePath().normalize();
    Path absolute = file.toAbsolutePath().normalize();
    return absolute.startsWith(directory)
        ? directory.relativize(absolute).toString().replace('\\', '/')
        : absolute.getFileName().toString();
  }
}
