package dev.retrain.bottleneck.extract;

import dev.retrain.backbone.signature.range.ImageSample;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.list.ImageList;
import dev.retrain.util.io.RegularFile;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.io.function.IOSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sample of images, which depends only on their names: those whose names have the lowest hashes,
 * from all classes.
 *
 * @param images lists the images when the sample is read
 */
public record FolderSample(IOSupplier<ImageFolder> images) implements ImageSample {
  private static final Logger LOG = LoggerFactory.getLogger(FolderSample.class);

  /** A sample of the images of a list. */
  public FolderSample(ImageList images) {
    this(images::list);
  }

  /** A sample of the images, if there are any. */
  public static ImageSample of(Optional<ImageList> images) {
    return images.<ImageSample>map(FolderSample::new).orElse(ImageSample.NONE);
  }

  @Override
  public List<byte[]> read(int count) throws IOException {
    List<ImageFile> files =
        images.get().files().stream()
            .map(file -> Map.entry(hash(file), file))
            .sorted(Map.Entry.comparingByKey())
            .limit(count)
            .map(Map.Entry::getValue)
            .toList();
    List<byte[]> contents = new ArrayList<>();
    for (ImageFile file : files) {
      try {
        contents.add(RegularFile.read(file.path()));
      } catch (IOException e) {
        // Extraction reports it.
        LOG.debug("{} is not sampled", file.path(), e);
      }
    }
    return contents;
  }

  private static String hash(ImageFile file) {
    return Sha256.sha256(file.name().getBytes(StandardCharsets.UTF_8));
  }
}
