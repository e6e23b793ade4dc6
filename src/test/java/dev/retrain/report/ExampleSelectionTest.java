package dev.retrain.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.evaluation.Predictions;
import dev.retrain.report.ExampleSelection.Cell;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExampleSelectionTest {
  private final Predictions predictions = SampleReport.predictions();

  @Test
  void withRoomForAllEveryCellHasFortyAtMost() {
    ExampleSelection choice = ExampleSelection.select(predictions, 10_000);

    assertThat(choice.mistakes()).isEqualTo(predictions.mostConfidentMistakes().subList(0, 24));
    assertThat(choice.cells()).hasSize(16);
    choice
        .cells()
        .forEach(
            (cell, images) ->
                assertThat(images)
                    .hasSize(Math.min(40, count(cell)))
                    .allMatch(i -> predictions.actual(i) == cell.actual())
                    .allMatch(i -> predictions.predicted(i) == cell.predicted()));
  }

  @Test
  void mistakesComeSurestFirstAndTheRestLeastSureFirst() {
    ExampleSelection choice = ExampleSelection.select(predictions, 10_000);

    choice
        .cells()
        .forEach(
            (cell, images) -> {
              List<Float> confidences = images.stream().map(predictions::confidence).toList();
              if (cell.actual() == cell.predicted()) {
                assertThat(confidences).isSorted();
              } else {
                assertThat(confidences).isSortedAccordingTo((a, b) -> Float.compare(b, a));
              }
            });
    assertThat(choice.cells().get(new Cell(0, 1)).get(0)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 23, 24, 60, 150})
  void noMoreThanWereAskedFor(int max) {
    ExampleSelection choice = ExampleSelection.select(predictions, max);

    assertThat(choice.images()).hasSizeLessThanOrEqualTo(max);
    assertThat(choice.cells()).hasSize(16);
  }

  @Test
  void cellsShareAlikeAndTheMostConfusedGetWhatIsLeft() {
    ExampleSelection choice = ExampleSelection.select(predictions, 24 + 16 + 5);

    // Of the mistakes, some are in cells, so there is room for more than one a cell.
    Cell most =
        choice.cells().keySet().stream()
            .filter(cell -> cell.actual() != cell.predicted())
            .max(Comparator.comparingInt(this::count))
            .orElseThrow();
    int share = choice.cells().values().stream().mapToInt(List::size).min().orElseThrow();
    assertThat(share).isPositive();
    assertThat(choice.cells().get(most).size()).isGreaterThan(share);
  }

  private int count(Cell cell) {
    int count = 0;
    for (int i = 0; i < predictions.count(); i++) {
      if (predictions.actual(i) == cell.actual() && predictions.predicted(i) == cell.predicted()) {
        count++;
      }
    }
    return count;
  }
}
