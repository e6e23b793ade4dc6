package dev.retrain.job.dataset;

import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.dataset.Splitter;
import dev.retrain.dataset.augment.AugmentationOptions;
import dev.retrain.dataset.augment.OfflineAugmentation;
import dev.retrain.image.AffineWarp;
import dev.retrain.image.RgbDecoder;
import dev.retrain.image.SkippedFile;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.render.ContactSheet;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.AtomicFile;
import dev.retrain.util.io.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Draws an image and the first copies that an augmentation would make of it.
 *
 * @param imageDir the directory with the class folders
 * @param image the image; absent means the first that copies are made of
 * @param split how images will be dealt to partitions
 * @param options how copies differ from their images
 * @param sheet the PNG file to write; an earlier one is replaced
 */
public record ContactSheetJob(
    Path imageDir,
    Optional<Path> image,
    SplitOptions split,
    AugmentationOptions options,
    Path sheet) {
  /**
   * Runs it.
   *
   * @return the image it shows
   * @throws RetrainException where the image can't be read
   * @throws IOException where the file can't be written
   */
  public Path run() throws IOException {
    Path shown;
    String name;
    if (image.isPresent()) {
      shown = image.get();
      name = nameOf(shown);
    } else {
      LabeledImage first = firstSource();
      shown = first.path();
      name = first.name();
    }
    List<AffineWarp> warps =
        IntStream.rangeClosed(1, ContactSheet.VARIANTS)
            .mapToObj(number -> options.draw(name, number))
            .toList();
    try (RgbDecoder decoder = new RgbDecoder()) {
      byte[] png = ContactSheet.png(decoder.decode(RegularFile.read(shown)), warps);
      AtomicFile.write(sheet, png);
    } catch (UnreadableImageException e) {
      throw new RetrainException(
          "%s: %s. Name another --image.".formatted(shown, SkippedFile.from(shown, e).reason()), e);
    }
    return shown;
  }

  private LabeledImage firstSource() throws IOException {
    ImageFolder folder = ImageFolder.scan(imageDir);
    return OfflineAugmentation.sources(folder, Splitter.split(folder, folder.files(), split))
        .get(0);
  }

  // As the folder names it, so that its copies are the same.
  private String nameOf(Path file) {
    Path directory = imageDir.toAbsolutePath().normalize();
    Path absolute = file.toAbsolutePath().normalize();
    return absolute.startsWith(directory)
        ? directory.relativize(absolute).toString().replace('\\', '/')
        : absolute.getFileName().toString();
  }
}
