package dev.retrain.dataset.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.dataset.ImageFolder;
import dev.retrain.util.Progress;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleImagesTest {
  @TempDir Path directory;

  private Map<String, byte[]> written(String name, int perClass, long seed) throws IOException {
    Path root = directory.resolve(name);
    SampleImages.write(root, perClass, seed, Progress.NONE);
    Map<String, byte[]> images = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        images.put(root.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
      }
    }
    return images;
  }

  @Test
  void everyClassHasAFolder() throws IOException {
    Map<String, byte[]> images = written("a", 2, 1);

    assertThat(SampleImages.labels())
        .containsExactly("checks", "dots", "rings", "stripes", "triangles", "waves");
    assertThat(images.keySet())
        .containsExactlyElementsOf(
            SampleImages.labels().stream()
                .flatMap(l -> Stream.of(l + "/" + l + "_000.jpg", l + "/" + l + "_001.jpg"))
                .toList());
  }

  @Test
  void folderCanBeScanned() throws IOException {
    written("a", 3, 1);

    assertThat(ImageFolder.scan(directory.resolve("a")).labels()).isEqualTo(SampleImages.labels());
  }

  @Test
  void everyImageIsAJpegOfTheDocumentedSize() throws IOException {
    for (byte[] bytes : written("a", 3, 5).values()) {
      assertThat(bytes).startsWith(0xFF, 0xD8, 0xFF);
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
      assertThat(image.getWidth()).isEqualTo(SampleImages.SIZE);
      assertThat(image.getHeight()).isEqualTo(SampleImages.SIZE);
    }
  }

  @Test
  void equalSeedsGiveEqualBytes() throws IOException {
    Map<String, byte[]> first = written("a", 3, 9);
    Map<String, byte[]> second = written("b", 3, 9);

    assertThat(second.keySet()).isEqualTo(first.keySet());
    first.forEach((name, bytes) -> assertThat(second.get(name)).as(name).isEqualTo(bytes));
  }

  @Test
  void anotherSeedGivesOtherBytes() throws IOException {
    Map<String, byte[]> first = written("a", 3, 9);
    Map<String, byte[]> second = written("b", 3, 10);

    first.forEach((name, bytes) -> assertThat(second.get(name)).as(name).isNotEqualTo(bytes));
  }

  @Test
  void allImagesOfASeedDiffer() throws IOException {
    assertThat(written("a", 5, 1).values().stream().map(Arrays::hashCode).distinct()).hasSize(30);
  }

  @Test
  void firstImagesDoNotDependOnTheCount() throws IOException {
    Map<String, byte[]> few = written("a", 2, 4);
    Map<String, byte[]> many = written("b", 4, 4);

    few.forEach((name, bytes) -> assertThat(many.get(name)).as(name).isEqualTo(bytes));
  }

  @Test
  void progressCountsEveryImage() throws IOException {
    List<String> events = new ArrayList<>();
    SampleImages.write(
        directory,
        2,
        1,
        new Progress() {
          @Override
          public void begin(String stage, String unit, long total) {
            events.add("begin " + total);
          }

          @Override
          public void advance(long count) {
            events.add("advance " + count);
          }

          @Override
          public void end() {
            events.add("end");
          }
        });

    assertThat(events).hasSize(14).startsWith("begin 12", "advance 1").endsWith("advance 1", "end");
  }
}
