package dev.retrain.report;

import dev.retrain.evaluation.Metrics;
import dev.retrain.evaluation.Predictions;
import dev.retrain.training.Evaluation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a report tells. Texts are as they are: whatever they come from, the page escapes them.
 *
 * @param model the model's name
 * @param summary what was trained on what, in a sentence or two
 * @param notices what must be known to read the figures right
 * @param course the training's course; absent where it is not known
 * @param predictions what the model says of the images it was evaluated on
 * @param metrics how good that is
 * @param balance images of each class, in the order of the labels; empty where it is not known
 * @param images which images are shown
 * @param thumbnails JPEG files of those that can be shown, by their index in the predictions
 * @param sweep the settings that were tried; absent where none were
 * @param facts where it all comes from
 * @param options the options of the training
 * @param commands command lines that make the same again, word by word, quoted where need be
 */
public record ReportData(
    String model,
    String summary,
    List<String> notices,
    Optional<Course> course,
    Predictions predictions,
    Metrics metrics,
    List<ClassBalance> balance,
    ExampleSelection images,
    Map<Integer, byte[]> thumbnails,
    Optional<Sweep> sweep,
    List<FactGroup> facts,
    List<Fact> options,
    List<List<String>> commands) {
  /** Copies the collections. */
  public ReportData {
    notices = List.copyOf(notices);
    balance = List.copyOf(balance);
    thumbnails = Map.copyOf(thumbnails);
    facts = List.copyOf(facts);
    options = List.copyOf(options);
    commands = List.copyOf(commands);
  }

  /**
   * A training's course.
   *
   * @param history its evaluations, in order, at least one
   * @param best the iteration whose weights were kept
   */
  public record Course(List<Evaluation> history, int best) {
    /** Copies the list. */
    public Course {
      history = List.copyOf(history);
      if (history.isEmpty()) {
        throw new IllegalArgumentException("a training's course has at least one evaluation");
      }
    }
  }

  /**
   * Images of one class.
   *
   * @param label the class
   * @param training how many to train
   * @param validation how many to validate
   * @param test how many to test
   */
  public record ClassBalance(String label, int training, int validation, int test) {
    /** How many in all. */
    public int all() {
      return training + validation + test;
    }
  }

  /**
   * Settings that were tried.
   *
   * @param summary what was tried, and what came first
   * @param columns the table's heads
   * @param rows the table, the best setting first
   * @param map the same for two of the settings; absent where there are not two of several values
   */
  public record Sweep(
      String summary, List<String> columns, List<List<String>> rows, Optional<HeatMap> map) {}

  /**
   * An accuracy for each pair of two settings' values.
   *
   * @param rowName the one setting
   * @param rows its values
   * @param columnName the other
   * @param columns its values
   * @param values [rows][columns] 0 to 1; NaN where there is none
   */
  public record HeatMap(
      String rowName,
      List<String> rows,
      String columnName,
      List<String> columns,
      List<List<Double>> values) {}

  /**
   * Facts of one kind.
   *
   * @param title what they are of
   * @param facts the facts
   */
  public record FactGroup(String title, List<Fact> facts) {
    /** Copies the list. */
    public FactGroup {
      facts = List.copyOf(facts);
    }
  }

  /**
   * A fact.
   *
   * @param name what it is
   * @param value what it says
   */
  public record Fact(String name, String value) {}
}
