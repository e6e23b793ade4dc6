package dev.retrain.finetune.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retrain.image.Preprocessing;
import dev.retrain.image.ResizeMode;
import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.testing.RecordedProgress;
import dev.retrain.testing.TestImages;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.OutputException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PixelFileTest {
  @TempDir private Path directory;

  private Path temporary() throws IOException {
    return Files.createDirectories(directory.resolve("temporary"));
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void bytesAreTheRoundedValuesOfTheDecoder(ResizeMode mode) throws Exception {
    Preprocessing preprocessing = new Preprocessing(20, 32, 127.5f, 127.5f).with(mode);
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      byte[] content =
          i % 2 == 0
              ? TestImages.file(TestImages.noise(40 + i, 30, i), "png")
              : TestImages.jpeg(TestImages.gradient(25, 31 + i));
      files.add(Files.write(directory.resolve("image" + i), content));
    }
    Preprocessing unscaled = new Preprocessing(20, 32, 0, 1).with(mode);
    try (PixelFile pixels = PixelFile.create(temporary(), files, preprocessing, Progress.NONE);
        ImageDecoder decoder = new ImageDecoder(unscaled)) {
      assertThat(pixels.count()).isEqualTo(40);
      for (int i = 0; i < 40; i++) {
        float[] values = decoder.decode(Files.readAllBytes(files.get(i)));
        float[] bytes = PixelSamples.image(pixels, i);
        double gray = 0;
        for (int k = 0; k < values.length; k++) {
          assertThat(bytes[k]).isCloseTo(values[k], within(0.5f));
          gray += new double[] {0.299, 0.587, 0.114}[k % 3] * bytes[k];
        }
        assertThat(pixels.grayMean(i)).isCloseTo((float) (gray / (20 * 32)), within(1e-3f));
      }
    }
  }

  @Test
  void imagesAreReadIntoPartsOfABuffer() throws IOException {
    try (PixelFile pixels = PixelSamples.pixels(directory, 3)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(2 * PixelSamples.LENGTH);
      pixels.read(2, buffer.position(PixelSamples.LENGTH));
      float[] expected = PixelSamples.image(pixels, 2);
      for (int i = 0; i < expected.length; i++) {
        assertThat(buffer.get(i)).isZero();
        assertThat((float) Byte.toUnsignedInt(buffer.get(PixelSamples.LENGTH + i)))
            .isEqualTo(expected[i]);
      }
    }
  }

  @Test
  void noFileRemains() throws IOException {
    List<Path> files = PixelSamples.files(directory, 3);
    PixelFile pixels = PixelFile.create(temporary(), files, PixelSamples.SIZE, Progress.NONE);
    if (OS.LINUX.isCurrentOs()) {
      // Not even if the process is killed.
      assertThat(names(temporary())).isEmpty();
    }
    pixels.close();
    assertThat(names(temporary())).isEmpty();
  }

  @Test
  void undecodableImageIsNamed() throws IOException {
    List<Path> files = new ArrayList<>(PixelSamples.files(directory, 3));
    Path broken = Files.writeString(directory.resolve("broken.png"), "not an image");
    files.add(broken);
    assertThatThrownBy(() -> PixelFile.create(temporary(), files, PixelSamples.SIZE, Progress.NONE))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(broken + " can't be used for fine-tuning: not a JPEG")
        .hasMessageEndingWith("Restore or remove it, and train again.");
    assertThat(names(temporary())).isEmpty();
  }

  @Test
  void missingImageIsNamed() {
    Path missing = directory.resolve("missing.png");
    assertThatThrownBy(
            () -> PixelFile.create(temporary(), List.of(missing), PixelSamples.SIZE, Progress.NONE))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(missing + " can't be used for fine-tuning: it does not exist.");
  }

  @Test
  void missingSpaceIsDetectedBeforeDecoding() {
    List<Path> many = Collections.nCopies(2_000_000, directory.resolve("missing.png"));
    assertThatThrownBy(
            () ->
                PixelFile.create(
                    temporary(), many, new Preprocessing(4096, 4096, 0, 1), Progress.NONE))
        .isInstanceOf(RetrainException.class)
        .hasMessageStartingWith(
            "The decoded images need 100,663,296.0 MB in " + directory.resolve("temporary"))
        .hasMessageContaining("but only ")
        .hasMessageContaining("Free some disk space");
  }

  @Test
  void directoryMustBeWritable() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    List<Path> images = PixelSamples.files(directory, 1);
    assertThatThrownBy(
            () -> PixelFile.create(file.resolve("below"), images, PixelSamples.SIZE, Progress.NONE))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void userCanCancel() throws IOException {
    RecordedProgress progress = new RecordedProgress(2);
    List<Path> files = PixelSamples.files(directory, 10);
    assertThatThrownBy(() -> PixelFile.create(temporary(), files, PixelSamples.SIZE, progress))
        .isInstanceOf(CancelledException.class);
    assertThat(progress.events()).containsExactly("begin 10 images", "1", "1", "end");
    assertThat(names(temporary())).isEmpty();
  }

  /** The deleted file, through the descriptor of this process. */
  private static RandomAccessFile opened(Path directory) throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        if (Files.isSymbolicLink(descriptor)
            && Files.readSymbolicLink(descriptor).startsWith(directory.toRealPath())) {
          return new RandomAccessFile(descriptor.toFile(), "rw");
        }
      }
    }
    throw new AssertionError("the file is not open");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void damageIsDetected() throws IOException {
    List<Path> files = PixelSamples.files(directory, 3);
    try (PixelFile pixels = PixelFile.create(temporary(), files, PixelSamples.SIZE, Progress.NONE);
        RandomAccessFile file = opened(temporary())) {
      long position = 2L * PixelSamples.LENGTH - 1;
      file.seek(position);
      int value = file.read();
      file.seek(position);
      file.write(value ^ 1);
      PixelSamples.image(pixels, 0);
      assertThatThrownBy(() -> PixelSamples.image(pixels, 1))
          .isInstanceOf(RetrainException.class)
          .hasMessageStartingWith(
              "The temporary file with the decoded images in " + temporary() + " can't be read")
          .hasMessageContaining("its content has changed");
      file.setLength(2L * PixelSamples.LENGTH + 5);
      assertThatThrownBy(() -> PixelSamples.image(pixels, 2))
          .isInstanceOf(RetrainException.class)
          .hasMessageContaining("it is truncated");
    }
  }
}
