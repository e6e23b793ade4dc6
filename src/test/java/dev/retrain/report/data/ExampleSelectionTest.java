package dev.retrain.report.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.evaluation.Predictions;
import dev.retrain.report.SampleReport;
import dev.retrain.report.data.ExampleSelection.Cell;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExampleSelectionTest {
  private final Predictions predictions = SampleReport.predictions();

  @Test
  void cellsHaveAtMostFortyImages() {
    ExampleSelection selection = ExampleSelection.select(predictions, 10_000);

    assertThat(selection.mistakes()).isEqualTo(predictions.mostConfidentMistakes().subList(0, 24));
    assertThat(selection.cells()).hasSize(16);
    selection
        .cells()
        .forEach(
            (cell, images) ->
                assertThat(images)
                    .hasSize(Math.min(40, count(cell)))
                    .allMatch(i -> predictions.actual(i) == cell.actual())
                    .allMatch(i -> predictions.predicted(i) == cell.predicted()));
  }

  @Test
  void mistakesAreSortedByDescendingConfidenceAndOthersByAscending() {
    ExampleSelection selection = ExampleSelection.select(predictions, 10_000);

    selection
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
    assertThat(selection.cells().get(new Cell(0, 1)).get(0)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 23, 24, 60, 150})
  void selectionHasAtMostTheMaximum(int max) {
    ExampleSelection selection = ExampleSelection.select(predictions, max);

    assertThat(selection.images()).hasSizeLessThanOrEqualTo(max);
    assertThat(selection.cells()).hasSize(16);
  }

  @Test
  void mostConfusedCellsGetTheRemainingImages() {
    ExampleSelection selection = ExampleSelection.select(predictions, 24 + 16 + 5);

    // Some mistakes are also in a cell's selection, which leaves room for further images.
    Cell most =
        selection.cells().keySet().stream()
            .filter(cell -> cell.actual() != cell.predicted())
            .max(Comparator.comparingInt(this::count))
            .orElseThrow();
    int share = selection.cells().values().stream().mapToInt(List::size).min().orElseThrow();
    assertThat(share).isPositive();
    assertThat(selection.cells().get(most).size()).isGreaterThan(share);
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
