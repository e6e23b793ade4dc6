package dev.retrain.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.evaluation.ConfusionMatrix;
import dev.retrain.evaluation.Predictions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTablesTest {
  @TempDir private Path directory;

  @Test
  void labelsWithSeparatorsAreQuoted() throws IOException {
    List<String> labels = List.of("a,b", "say \"c\"", "plain");
    float[] probabilities = {1, 0, 0, 0, 1, 0, 1, 0, 0};
    Predictions predictions =
        new Predictions(labels, List.of("x", "x", "x"), new int[] {0, 1, 2}, probabilities);
    Path file = directory.resolve("confusion.csv");

    EvaluationTables.writeConfusion(ConfusionMatrix.compute(predictions), file);

    assertThat(Files.readString(file))
        .isEqualTo(
            "actual,\"a,b\",\"say \"\"c\"\"\",plain\n"
                + "\"a,b\",1,0,0\n"
                + "\"say \"\"c\"\"\",0,1,0\n"
                + "plain,1,0,0\n");
  }
}
