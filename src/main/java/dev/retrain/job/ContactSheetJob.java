package dev.retrain.job;

import dev.retrain.dataset.Augmentation;
import dev.retrain.dataset.AugmentationOptions;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Split;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.picture.ContactSheet;
import dev.retrain.picture.PixelDecoder;
import dev.retrain.picture.SkippedPicture;
import dev.retrain.picture.UnreadablePicture;
import dev.retrain.picture.Warp;
import dev.retrain.work.AtomicFile;
import dev.retrain.work.Failure;
import dev.retrain.work.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Draws a picture and the first copies that an augmentation would make of it.
 *
 * @param imageDir the directory with the class folders
 * @param picture the picture; absent means the first that copies are made of
 * @param split how pictures will be dealt to partitions
 * @param options how copies differ from their pictures
 * @param sheet the PNG file to write; an earlier one is replaced
 */
public record ContactSheetJob(
    Path imageDir,
    Optional<Path> picture,
    SplitOptions split,
    AugmentationOptions options,
    Path sheet) {
  /**
   * Runs it.
   *
   * @return the picture it shows
   * @throws Failure where the picture can't be read
   * @throws IOException where the file can't be written
   */
  public Path run() throws IOException {
    Path shown;
    String name;
    if (picture.isPresent()) {
      shown = picture.get();
      name = nameOf(shown);
    } else {
      LabeledImage first = firstSource();
      shown = first.path();
      name = first.name();
    }
    List<Warp> warps =
        IntStream.rangeClosed(1, ContactSheet.VARIANTS)
            .mapToObj(number -> options.draw(name, number))
            .toList();
    try (PixelDecoder decoder = new PixelDecoder()) {
      byte[] png = ContactSheet.png(decoder.decode(RegularFile.read(shown)), warps);
      AtomicFile.write(sheet, png);
    } catch (UnreadablePicture e) {
      throw new Failure(
          "%s: %s. Name another --picture.".formatted(shown, SkippedPicture.of(shown, e).reason()),
          e);
    }
    return shown;
  }

  private LabeledImage firstSource() throws IOException {
    ImageFolder folder = ImageFolder.scan(imageDir);
    return Augmentation.sources(folder, Split.of(folder, folder.files(), split)).get(0);
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
