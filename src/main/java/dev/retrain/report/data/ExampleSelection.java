package dev.retrain.report.data;

import dev.retrain.evaluation.Predictions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The images that a report shows; all of them would make the file too large.
 *
 * @param mistakes the most confident mistakes, as indexes of the predictions
 * @param cells example images for each non-empty cell of the confusion matrix: misclassified images
 *     in order of descending confidence, correctly classified images in ascending order
 */
public record ExampleSelection(List<Integer> mistakes, Map<Cell, List<Integer>> cells) {
  private static final int MAX_MISTAKES = 24;
  private static final int MAX_PER_CELL = 40;

  /**
   * A cell of the confusion matrix.
   *
   * @param actual the actual class
   * @param predicted the predicted class
   */
  public record Cell(int actual, int predicted) {
    boolean isCorrect() {
      return actual == predicted;
    }
  }

  public ExampleSelection {
    mistakes = List.copyOf(mistakes);
    Map<Cell, List<Integer>> copy = new LinkedHashMap<>();
    cells.forEach((cell, images) -> copy.put(cell, List.copyOf(images)));
    // In a fixed order, unlike Map.copyOf: the report depends on it.
    cells = Collections.unmodifiableMap(copy);
  }

  /**
   * Selects up to {@value #MAX_MISTAKES} mistakes, and equally many images for every cell, up to
   * {@value #MAX_PER_CELL}; the cells with the most misclassified images get the remaining ones.
   *
   * @param predictions the predictions for all images
   * @param max the maximum number of images in total, at least 0
   */
  public static ExampleSelection select(Predictions predictions, int max) {
    List<Integer> mistakes =
        predictions.mostConfidentMistakes().stream().limit(Math.min(MAX_MISTAKES, max)).toList();
    Map<Cell, List<Integer>> candidates = candidates(predictions);
    int perCell = 0;
    while (perCell < MAX_PER_CELL
        && union(mistakes, truncate(candidates, perCell + 1)).size() <= max) {
      perCell++;
    }
    Map<Cell, List<Integer>> selected = truncate(candidates, perCell);
    addRemaining(selected, candidates, max - union(mistakes, selected).size());
    return new ExampleSelection(mistakes, selected);
  }

  private static void addRemaining(
      Map<Cell, List<Integer>> selected, Map<Cell, List<Integer>> candidates, int remaining) {
    List<Cell> order =
        candidates.keySet().stream()
            .sorted(
                Comparator.comparing(Cell::isCorrect)
                    .thenComparing(cell -> -candidates.get(cell).size()))
            .toList();
    int left = remaining;
    for (Cell cell : order) {
      int before = selected.get(cell).size();
      List<Integer> images =
          candidates.get(cell).stream().limit(Math.min(MAX_PER_CELL, before + left)).toList();
      left -= images.size() - before;
      selected.put(cell, images);
    }
  }

  private static Map<Cell, List<Integer>> candidates(Predictions predictions) {
    Map<Cell, List<Integer>> cells =
        new TreeMap<>(Comparator.comparing(Cell::actual).thenComparing(Cell::predicted));
    IntStream.range(0, predictions.count())
        .forEach(
            i ->
                cells
                    .computeIfAbsent(
                        new Cell(predictions.actual(i), predictions.predicted(i)),
                        cell -> new ArrayList<>())
                    .add(i));
    Comparator<Integer> byConfidence = Comparator.comparing(predictions::confidence);
    cells.forEach(
        (cell, images) -> images.sort(cell.isCorrect() ? byConfidence : byConfidence.reversed()));
    return cells;
  }

  private static Map<Cell, List<Integer>> truncate(Map<Cell, List<Integer>> cells, int perCell) {
    Map<Cell, List<Integer>> truncated = new LinkedHashMap<>();
    cells.forEach((cell, images) -> truncated.put(cell, images.stream().limit(perCell).toList()));
    return truncated;
  }

  private static Set<Integer> union(List<Integer> mistakes, Map<Cell, List<Integer>> cells) {
    Set<Integer> images = new LinkedHashSet<>(mistakes);
    cells.values().forEach(images::addAll);
    return images;
  }

  /** All selected images without duplicates, the most confident mistakes first. */
  public Set<Integer> images() {
    return union(mistakes, cells);
  }
}
