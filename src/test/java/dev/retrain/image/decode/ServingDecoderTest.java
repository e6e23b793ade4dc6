package dev.retrain.image.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.image.Preprocessing;
import dev.retrain.testing.TestImages;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;

class ServingDecoderTest {
  /** The whole batch, flat. */
  private static float[] decoded(Preprocessing preprocessing, List<byte[]> files) {
    NdArray<byte[]> bytes = NdArrays.ofObjects(byte[].class, Shape.of(files.size()));
    for (int i = 0; i < files.size(); i++) {
      bytes.setObject(files.get(i), i);
    }
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TString> contents =
          tf.placeholder(TString.class, Placeholder.shape(Shape.of(-1)));
      Operand<TFloat32> images = ServingDecoder.decode(tf, contents, preprocessing);
      try (Session session = new Session(graph);
          TString fed = TString.tensorOfBytes(bytes);
          Result result = session.runner().feed(contents, fed).fetch(images).run()) {
        TFloat32 batch = (TFloat32) result.get(0);
        assertThat(batch.shape())
            .isEqualTo(Shape.of(files.size(), preprocessing.height(), preprocessing.width(), 3));
        float[] values = new float[(int) batch.size()];
        batch.asRawTensor().data().asFloats().read(values);
        return values;
      }
    }
  }

  /** Noise in an image of another type. */
  private static BufferedImage noise(int size, int type) {
    BufferedImage image = new BufferedImage(size, size, type);
    BufferedImage noise = TestImages.noise(size, size, 3);
    for (int i = 0; i < size * size; i++) {
      image.setRGB(i % size, i / size, 0xFF000000 | noise.getRGB(i % size, i / size));
    }
    return image;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void batchEqualsResultsOfImageDecoder(int jpegScale) throws Exception {
    Preprocessing preprocessing = new Preprocessing(31, 40, 100, 50).withJpegScale(jpegScale);
    BufferedImage large = TestImages.noise(640, 520, 1);
    BufferedImage small = TestImages.noise(17, 23, 2);
    List<byte[]> files = new ArrayList<>();
    for (String format : List.of("jpg", "png", "bmp", "gif")) {
      files.add(TestImages.file(large, format));
      files.add(TestImages.file(small, format));
    }
    files.add(TestImages.animatedGif(List.of(small, TestImages.noise(17, 23, 4))));
    files.add(TestImages.file(noise(20, BufferedImage.TYPE_BYTE_GRAY), "jpg"));
    files.add(TestImages.file(noise(20, BufferedImage.TYPE_BYTE_GRAY), "png"));
    files.add(TestImages.file(noise(20, BufferedImage.TYPE_INT_ARGB), "png"));
    files.add(TestImages.file(noise(20, BufferedImage.TYPE_BYTE_INDEXED), "png"));
    List<Float> expected = new ArrayList<>();
    try (ImageDecoder decoder = new ImageDecoder(preprocessing)) {
      for (byte[] file : files) {
        for (float value : decoder.decode(file)) {
          expected.add(value);
        }
      }
    }
    assertThat(decoded(preprocessing, files)).containsExactly(expected.toArray(Float[]::new));
  }

  @Test
  void emptyBatchIsAccepted() {
    assertThat(decoded(new Preprocessing(8, 9, 0, 1), List.of())).isEmpty();
  }

  @Test
  void bmpWithPaletteFails() {
    byte[] bmp = TestImages.file(noise(16, BufferedImage.TYPE_BYTE_INDEXED), "bmp");
    assertFails(bmp);
  }

  @Test
  void fileThatIsNotAnImageFails() {
    assertFails(new byte[0]);
    assertFails(new byte[] {'t', 'e', 'x', 't'});
    assertFails(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, 0});
  }

  private static void assertFails(byte[] file) {
    assertThatThrownBy(() -> decoded(new Preprocessing(8, 8, 0, 1), List.of(file)))
        .hasMessageMatching("(?s).*([Ii]mage|empty|JPEG).*");
  }
}
