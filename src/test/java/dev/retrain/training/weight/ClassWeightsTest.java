package dev.retrain.training.weight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retrain.testing.FixedVectors;
import dev.retrain.testing.MultiLabelVectors;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassWeightsTest {
  private static final List<String> LABELS = List.of("bird", "cat", "dog");

  @TempDir private Path directory;

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("weights.csv"), content);
  }

  private static ClassWeights perClass(Map<String, Double> weights) {
    return new ClassWeights.PerClass("weights.csv", weights);
  }

  @Test
  void columnsAreFoundByName() throws IOException {
    Path file = file("\uFEFFnote, weight ,class\n\nrare,2.5,dog\n,1,\"cat\"\r\n,1e-1,bird");

    assertThat(ClassWeightFile.read(file))
        .isEqualTo(
            new ClassWeights.PerClass(
                file.toString(), Map.of("dog", 2.5, "cat", 1.0, "bird", 0.1)));
  }

  /** {@code |} is the end of a line. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "class,weight|cat,-1         # weights.csv, line 2: the weight of class 'cat' must be a finite number above 0, but is '-1'",
        "class,weight|cat,1|dog,NaN  # line 3: the weight of class 'dog' must be a finite number above 0, but is 'NaN'",
        "class,weight|cat,0          # line 2: the weight of class 'cat' must be a finite number above 0, but is '0'",
        "class,weight|cat,Infinity   # line 2: the weight of class 'cat' must be a finite number above 0, but is 'Infinity'",
        "class,weight|cat,heavy      # line 2: the weight of class 'cat' must be a finite number above 0, but is 'heavy'",
        "class,weight|cat,           # line 2: the weight of class 'cat' must be a finite number above 0, but is ''",
        "class,weight|cat,1|cat,2    # line 3: class 'cat' has a second weight; remove one of the rows",
        "class,weight|,1             # line 2: the name of the class is empty",
        "class,weight|cat,1,2        # line 2 has 3 values, but there are 2 columns (class, weight)",
        "class,weight,weight|cat,1,2 # weights.csv has two columns 'weight'; rename one of them",
        "class,weight|cat            # line 2 has 1 value, but there are 2 columns (class, weight)",
        "cat,1|dog,2                 # weights.csv has no column 'class' in its first line; the columns must be named class and weight",
        "class,count|cat,1           # weights.csv has no column 'weight' in its first line",
        "class,weight                # weights.csv has no class weights. It must have a header row",
        "''                          # weights.csv is empty; add a header and rows",
        "class,weight|\"cat,1        # weights.csv, line 2: the quotes are wrong",
      })
  void faultsAreNamed(String content, String message) throws IOException {
    Path file = file(content.replace('|', '\n'));
    assertThatThrownBy(() -> ClassWeightFile.read(file))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(message);
  }

  @Test
  void otherEncodingsAreNamed() throws IOException {
    Path file = directory.resolve("latin.csv");
    Files.write(file, "class,weight\nK\u00e4fer,1\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> ClassWeightFile.read(file))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("latin.csv, line 2: the text is not valid UTF-8");
  }

  @Test
  void unknownAndMissingClassesAreNamed() {
    assertThatThrownBy(() -> perClass(Map.of("bird", 1.0, "cow", 2.0)).check(LABELS))
        .isInstanceOf(RetrainException.class)
        .hasMessage(
            "weights.csv has a weight for 'cow', which is not a class. Correct the name or"
                + " remove the row; the classes are: bird, cat, dog.");
    assertThatThrownBy(() -> perClass(Map.of("bird", 1.0, "dog", 2.0)).check(LABELS))
        .isInstanceOf(RetrainException.class)
        .hasMessage("weights.csv has no weight for class 'cat'. Add a row for it.");
  }

  /** The formula in scikit-learn's documentation: {@code n / (k * count)}. */
  @Test
  void balancedWeightsAreThoseOfScikitLearn() {
    assertThat(ClassWeights.BALANCED.resolve(LABELS, new int[] {10, 20, 30}))
        .containsExactly(new double[] {2, 1, 2 / 3.0}, within(1e-12));
    assertThat(ClassWeights.BALANCED.resolve(LABELS, new int[] {10, 0, 30}))
        .containsExactly(new double[] {2, 1, 2 / 3.0}, within(1e-12));
  }

  @Test
  void weightsOfImagesHaveMeanOne() {
    FixedVectors vectors = FixedVectors.clustered(1, 4, 2, 2, 1).labelled(0, 1, 1, 2);
    assertThat(
            ExampleWeights.compute(
                    perClass(Map.of("bird", 1.0, "cat", 3.0, "dog", 1.0)), LABELS, vectors)
                .orElseThrow())
        .containsExactly(0.5f, 1.5f, 1.5f, 0.5f);
    assertThat(
            ExampleWeights.compute(
                ClassWeights.NONE, LABELS, MultiLabelVectors.random(1, 3, 2, 3).weighted(2, 2, 2)))
        .isEmpty();
    assertThat(
            ExampleWeights.compute(
                    ClassWeights.NONE,
                    LABELS,
                    MultiLabelVectors.random(1, 3, 2, 3).weighted(1, 2, 3))
                .orElseThrow())
        .containsExactly(0.5f, 1, 1.5f);
  }

  @ParameterizedTest
  @CsvSource({"-1", "0", "NaN", "Infinity"})
  void weightsOfImagesMustBePositive(float weight) {
    assertThatThrownBy(
            () ->
                ExampleWeights.compute(
                    ClassWeights.NONE,
                    LABELS,
                    MultiLabelVectors.random(1, 3, 2, 3).weighted(1, weight, 3)))
        .isInstanceOf(RetrainException.class)
        .hasMessage(
            "The weight of image-1 must be finite and above 0, but is %s.".formatted(weight));
  }
}
