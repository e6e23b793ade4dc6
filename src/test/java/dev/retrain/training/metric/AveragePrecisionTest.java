package dev.retrain.training.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.retrain.testing.PythonClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AveragePrecisionTest {
  private static final int CLASSES = 4;

  @TempDir private Path directory;

  private static double[] perClass(double[] scores, double... targets) {
    float[] s = new float[scores.length];
    float[] t = new float[scores.length];
    for (int i = 0; i < s.length; i++) {
      s[i] = (float) scores[i];
      t[i] = (float) targets[i];
    }
    return AveragePrecision.perClass(s, t, 1);
  }

  /** The example in scikit-learn's documentation, and cases computed by hand. */
  @Test
  void smallCases() {
    assertThat(perClass(new double[] {0.1, 0.4, 0.35, 0.8}, 0, 0, 1, 1))
        .containsExactly(new double[] {5 / 6.0}, within(1e-12));
    assertThat(perClass(new double[] {3, 2, 1}, 1, 1, 0)).containsExactly(1);
    assertThat(perClass(new double[] {-3, -2, -1}, 1, 0, 0))
        .containsExactly(new double[] {1 / 3.0}, within(1e-12));
    // Equal scores count together, in any order.
    assertThat(perClass(new double[] {5, 5, 5, 5}, 1, 0, 0, 0)).containsExactly(0.25);
    assertThat(perClass(new double[] {5, 5, 5, 5}, 0, 0, 0, 1)).containsExactly(0.25);
    assertThat(perClass(new double[] {0.0, -0.0}, 0, 1)).containsExactly(0.5);
    assertThat(perClass(new double[] {1, 2}, 0, 0)).containsExactly(Double.NaN);
    assertThat(AveragePrecision.mean(new double[] {0.5, Double.NaN, 1})).isEqualTo(0.75);
  }

  /** Many equal and many extreme scores. */
  @Test
  void equalsScikitLearn() throws IOException {
    PythonClient python = PythonClient.require();
    Random random = new Random(3);
    float[] scores = new float[500 * CLASSES];
    float[] targets = new float[scores.length];
    ObjectMapper json = new ObjectMapper();
    ArrayNode scoreRows = json.createArrayNode();
    ArrayNode targetRows = json.createArrayNode();
    for (int row = 0; row < 500; row++) {
      ArrayNode scoreRow = scoreRows.addArray();
      ArrayNode targetRow = targetRows.addArray();
      for (int label = 0; label < CLASSES; label++) {
        int i = row * CLASSES + label;
        double score = random.nextGaussian() * Math.pow(10, 12 * label - 18);
        scores[i] = label == 1 ? (float) Math.rint(2 * random.nextGaussian()) : (float) score;
        targets[i] = random.nextGaussian() + Math.signum(scores[i]) > 1 ? 1 : 0;
        scoreRow.add(scores[i]);
        targetRow.add(targets[i]);
      }
    }
    Path file = directory.resolve("scores.json");
    json.writeValue(file.toFile(), Map.of("scores", scoreRows, "targets", targetRows));

    JsonNode expected = python.run("average_precision.py", file);

    double[] actual = AveragePrecision.perClass(scores, targets, CLASSES);
    for (int label = 0; label < CLASSES; label++) {
      assertThat(actual[label])
          .isCloseTo(expected.get("per_class").get(label).asDouble(), within(1e-9));
    }
    assertThat(AveragePrecision.mean(actual))
        .isCloseTo(expected.get("macro").asDouble(), within(1e-9));
  }
}
