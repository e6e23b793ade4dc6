package dev.retrain.finetune.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.finetune.input.BatchInputs;
import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.finetune.input.DistortionStage;
import dev.retrain.finetune.input.ImageTensors;
import dev.retrain.testing.PythonClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each distortion equals what Pillow, NumPy and SciPy compute. */
class DistortionOracleTest {
  /** Pillow rounds each of its results, also the means and luminances that it uses. */
  private static final double ROUNDED = 1.6;

  private static final double INTERPOLATED = 1e-3;

  private record Case(DistortionStage stage, String operations, double tolerance) {}

  private static final List<Case> CASES =
      List.of(
          new Case(DistortionStage.SHIFT, "flip", 0),
          new Case(DistortionStage.SHIFT, "shift 0.25 -0.5", 0),
          new Case(DistortionStage.SHIFT, "shift 1 1", 0),
          new Case(DistortionStage.SHIFT, "shift -0.125 0.25;flip", 0),
          new Case(DistortionStage.WARP, "shift -0.125 0.25;flip", 0),
          new Case(DistortionStage.WARP, "shift 0.21 -0.13", INTERPOLATED),
          new Case(DistortionStage.WARP, "rotate 25", INTERPOLATED),
          new Case(DistortionStage.WARP, "rotate -170", INTERPOLATED),
          new Case(DistortionStage.WARP, "shear 0.2 0", INTERPOLATED),
          new Case(DistortionStage.WARP, "shear 0 -0.3", INTERPOLATED),
          new Case(DistortionStage.WARP, "scale 0.7 1.4", INTERPOLATED),
          new Case(DistortionStage.WARP, "crop 0.6 0.7 0.2 -0.3", INTERPOLATED),
          new Case(
              DistortionStage.WARP,
              "shift 0.1 -0.2;rotate 15;shear 0.1 0;scale 0.9 1.1;crop 0.8 0.9 -0.5 0.5;flip",
              INTERPOLATED),
          new Case(DistortionStage.BOX, "crop 0.6 0.7 0.2 -0.3", 0.2),
          new Case(DistortionStage.BOX, "crop 0.5 1 0.5 0;flip", 0.2),
          new Case(DistortionStage.BOX, "crop 1 0.3 0 -0.5", 0.2),
          new Case(DistortionStage.BRIGHTNESS, "brighten 0.6", ROUNDED),
          new Case(DistortionStage.BRIGHTNESS, "brighten 1.7", ROUNDED),
          new Case(DistortionStage.BRIGHTNESS, "contrast 0.4", ROUNDED),
          new Case(DistortionStage.BRIGHTNESS, "contrast 1.8", ROUNDED),
          new Case(DistortionStage.SATURATION, "saturate 0.3", ROUNDED),
          new Case(DistortionStage.SATURATION, "saturate 0", ROUNDED),
          new Case(DistortionStage.SATURATION, "saturate 1.6", ROUNDED),
          new Case(
              DistortionStage.SATURATION, "brighten 0.8;contrast 0.7;saturate 0.5", 2 * ROUNDED),
          new Case(DistortionStage.TONE, "posterize 4", 0),
          new Case(DistortionStage.TONE, "posterize 8", 0),
          new Case(DistortionStage.TONE, "posterize 1", 0),
          new Case(DistortionStage.TONE, "solarize 100", 0),
          new Case(DistortionStage.TONE, "solarize 99.5", 0),
          new Case(DistortionStage.TONE, "solarize 255", 0),
          new Case(DistortionStage.ERASE, "erase 0.25 0.5 0.5 0.25", 0),
          new Case(DistortionStage.ERASE, "erase 0 0 1 1", 0));

  @TempDir private Path directory;

  private static void add(DrawnDistortion drawn, String operation) {
    String[] words = operation.split(" ", -1);
    double[] n = Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray();
    switch (words[0]) {
      case "flip" -> drawn.flip();
      case "shift" -> drawn.shift(n[0], n[1]);
      case "rotate" -> drawn.rotate(n[0]);
      case "shear" -> drawn.shear(n[0], n[1]);
      case "scale" -> drawn.scale(n[0], n[1]);
      case "crop" -> drawn.crop(n[0], n[1], n[2], n[3]);
      case "brighten" -> drawn.brighten(n[0]);
      case "contrast" -> drawn.contrast(n[0]);
      case "saturate" -> drawn.saturate(n[0]);
      case "posterize" -> drawn.posterize((int) n[0]);
      case "solarize" -> drawn.solarize(n[0]);
      case "erase" -> drawn.erase(n[0], n[1], n[2], n[3]);
      default -> throw new IllegalArgumentException(operation);
    }
  }

  private static float[] distorted(PixelFile pixels, Case one) {
    Set<DistortionStage> stages = Set.of(one.stage());
    DrawnDistortion drawn =
        new DrawnDistortion(pixels.height(), pixels.width(), pixels.grayMean(0));
    for (String operation : one.operations().split(";", -1)) {
      add(drawn, operation);
    }
    float[] numbers = DistortionStage.identity(stages);
    drawn.write(stages, numbers, 0);
    ImageTensors inputs = ImageTensors.allocate(1, pixels.height(), pixels.width(), numbers.length);
    pixels.read(0, inputs.image(0));
    inputs.distortions().asRawTensor().data().asFloats().write(numbers);
    BatchTensors batch = BatchTensors.allocate(inputs, 1, 2);
    return PixelSamples.distorted(new BatchInputs(PixelSamples.SIZE, stages), batch).get(0);
  }

  @Test
  void distortionsEqualPythons() throws Exception {
    PythonClient python = PythonClient.require();
    Object[] arguments =
        Stream.concat(Stream.of(directory.resolve("0.png")), CASES.stream().map(Case::operations))
            .toArray();
    List<String> wrong = new ArrayList<>();
    try (PixelFile pixels = PixelSamples.pixels(directory, 1)) {
      JsonNode expected = python.run("distort_images.py", arguments);
      assertThat(expected).hasSize(CASES.size());
      for (int i = 0; i < CASES.size(); i++) {
        float[] values = distorted(pixels, CASES.get(i));
        assertThat(expected.get(i)).hasSize(values.length);
        double largest = 0;
        for (int k = 0; k < values.length; k++) {
          largest = Math.max(largest, Math.abs(values[k] - expected.get(i).get(k).asDouble()));
        }
        if (!(largest <= CASES.get(i).tolerance())) {
          wrong.add(CASES.get(i) + " differs by " + largest);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }
}
