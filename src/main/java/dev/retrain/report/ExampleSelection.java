package dev.retrain.report;

import dev.retrain.evaluation.Predictions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Which images a report shows: all would make it too large.
 *
 * @param mistakes the surest mistakes, as indexes of the predictions
 * @param cells for each cell of the confusion matrix that has images, some of them: of those told
 *     wrong the surest first, of those told right the least sure first
 */
public record ExampleSelection(List<Integer> mistakes, Map<Cell, List<Integer>> cells) {
  private static final int MISTAKES = 24;
  private static final int PER_CELL = 40;

  /**
   * A cell of the confusion matrix.
   *
   * @param actual the class its images are of
   * @param predicted the class they are taken for
   */
  public record Cell(int actual, int predicted) {}

  /** Copies the collections. */
  public ExampleSelection {
    mistakes = List.copyOf(mistakes);
    Map<Cell, List<Integer>> copy = new LinkedHashMap<>();
    cells.forEach((cell, images) -> copy.put(cell, List.copyOf(images)));
    cells = Map.copyOf(copy);
  }

  /**
   * Chooses: {@value #MISTAKES} mistakes, and for every cell equally many, {@value #PER_CELL} at
   * most; what room is left goes to the classes that are confused most often.
   *
   * @param predictions what the model says
   * @param max how many images in all, at least 0
   */
  public static ExampleSelection select(Predictions predictions, int max) {
    List<Integer> mistakes =
        predictions.mostConfidentMistakes().stream().limit(Math.min(MISTAKES, max)).toList();
    Map<Cell, List<Integer>> all = cells(predictions);
    int perCell = 0;
    while (perCell < PER_CELL && images(mistakes, limited(all, perCell + 1)).size() <= max) {
      perCell++;
    }
    Map<Cell, List<Integer>> chosen = limited(all, perCell);
    fill(chosen, all, max - images(mistakes, chosen).size());
    return new ExampleSelection(mistakes, chosen);
  }

  private static void fill(
      Map<Cell, List<Integer>> chosen, Map<Cell, List<Integer>> all, int room) {
    Comparator<Cell> rightLast = Comparator.comparing(cell -> cell.actual() == cell.predicted());
    List<Cell> order =
        all.keySet().stream()
            .sorted(rightLast.thenComparing(cell -> -all.get(cell).size()))
            .toList();
    int left = room;
    for (Cell cell : order) {
      int before = chosen.get(cell).size();
      List<Integer> more = all.get(cell).stream().limit(Math.min(PER_CELL, before + left)).toList();
      left -= more.size() - before;
      chosen.put(cell, more);
    }
  }

  private static Map<Cell, List<Integer>> cells(Predictions predictions) {
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
    Comparator<Integer> leastSure = Comparator.comparing(predictions::confidence);
    cells.forEach(
        (cell, images) ->
            images.sort(cell.actual() == cell.predicted() ? leastSure : leastSure.reversed()));
    return cells;
  }

  private static Map<Cell, List<Integer>> limited(Map<Cell, List<Integer>> cells, int perCell) {
    Map<Cell, List<Integer>> limited = new LinkedHashMap<>();
    cells.forEach((cell, images) -> limited.put(cell, images.stream().limit(perCell).toList()));
    return limited;
  }

  private static Set<Integer> images(List<Integer> mistakes, Map<Cell, List<Integer>> cells) {
    Set<Integer> images = new LinkedHashSet<>(mistakes);
    cells.values().forEach(images::addAll);
    return images;
  }

  /** All images it names, each once, the surest mistakes first. */
  public Set<Integer> images() {
    return images(mistakes, cells);
  }
}
