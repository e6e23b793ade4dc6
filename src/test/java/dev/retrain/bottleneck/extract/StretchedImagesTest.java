package dev.retrain.bottleneck.extract;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.retrain.bottleneck.cache.FileStamp;
import dev.retrain.bottleneck.cache.KnownFile;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.image.Preprocessing;
import dev.retrain.image.ResizeMode;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.testing.TestImages;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** One warning tells of all images that stretching distorts. */
class StretchedImagesTest {
  private static final Preprocessing SQUARE = new Preprocessing(24, 24, 0, 1);

  @TempDir private Path directory;

  private List<ILoggingEvent> warnings(Preprocessing preprocessing)
      throws IOException, UnreadableImageException {
    Logger logger = (Logger) LoggerFactory.getLogger(StretchedImages.class);
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    Level level = logger.getLevel();
    logger.setLevel(Level.WARN);
    logger.addAppender(appender);
    try {
      StretchedImages stretched = new StretchedImages(preprocessing);
      for (int[] size : new int[][] {{30, 30}, {60, 30}, {61, 30}, {20, 90}, {30, 20}}) {
        Path file = directory.resolve(size[0] + "x" + size[1] + ".png");
        byte[] content = TestImages.file(TestImages.gradient(size[0], size[1]), "png");
        Files.write(file, content);
        stretched.add(
            new LoadedImage(
                new ImageFile(file, "a/" + file.getFileName(), 0),
                new KnownFile(FileStamp.readBeforeContent(file), ContentHash.of(content)),
                Optional.of(content)));
      }
      stretched.warn();
    } finally {
      logger.detachAppender(appender);
      logger.setLevel(level);
    }
    return appender.list;
  }

  @Test
  void widePhotosAreCountedWithAnExample() throws IOException, UnreadableImageException {
    List<ILoggingEvent> warnings = warnings(SQUARE);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0).getFormattedMessage())
        .contains("2 images", "20x90.png of 20 x 90", "crop or pad for the resize mode");
    // The command line names its option.
    assertThat(warnings.get(0).getArgumentArray()).contains(Setting.RESIZE);
  }

  @Test
  void nothingIsSaidWhereImagesFit() throws IOException, UnreadableImageException {
    assertThat(warnings(SQUARE.with(ResizeMode.PAD))).isEmpty();
    assertThat(warnings(SQUARE.with(ResizeMode.CROP))).isEmpty();
    assertThat(warnings(new Preprocessing(30, 45, 0, 1))).hasSize(1);
  }
}
