package dev.retrain.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.retrain.evaluation.Predictions;
import dev.retrain.report.ExampleSelection.Cell;
import dev.retrain.report.ReportData.Course;
import dev.retrain.training.Evaluation;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What the page's script reads.
 *
 * @param classes number of classes
 * @param course the curves; null where they are not known
 * @param cells the images of each cell of the confusion matrix, {@code actual-predicted}
 * @param images the images that are shown, by their index in the predictions
 */
record ScriptData(
    int classes,
    @JsonInclude(JsonInclude.Include.NON_NULL) Curves course,
    Map<String, List<Integer>> cells,
    Map<Integer, Image> images) {
  private static final ObjectMapper MAPPER = mapper();

  /**
   * The curves.
   *
   * @param iteration updates made
   * @param best index of the evaluation whose weights were kept
   * @param training on the batches
   * @param validation on the validation images
   */
  record Curves(List<Integer> iteration, int best, Lines training, Lines validation) {}

  /**
   * One partition's curves.
   *
   * @param accuracy 0 to 1
   * @param loss in nats
   * @param smoothAccuracy a moving average of it
   * @param smoothLoss a moving average of it
   */
  record Lines(
      List<Double> accuracy,
      List<Double> loss,
      List<Double> smoothAccuracy,
      List<Double> smoothLoss) {
    static Lines of(
        List<Evaluation> history,
        ToDoubleFunction<Evaluation> accuracy,
        ToDoubleFunction<Evaluation> loss) {
      double[] accuracies = history.stream().mapToDouble(accuracy).toArray();
      double[] losses = history.stream().mapToDouble(loss).toArray();
      return new Lines(
          boxed(accuracies),
          boxed(losses),
          boxed(TrainingPlots.smoothed(accuracies)),
          boxed(TrainingPlots.smoothed(losses)));
    }

    private static List<Double> boxed(double[] values) {
      return DoubleStream.of(values).boxed().toList();
    }
  }

  /**
   * An image.
   *
   * @param name {@code class/file}
   * @param confidence how sure the model was, 0 to 1
   * @param jpeg its JPEG file in Base64; null where the page has it elsewhere, or there is none
   */
  record Image(
      String name, float confidence, @JsonInclude(JsonInclude.Include.NON_NULL) String jpeg) {}

  /** As JSON that may stand inside any HTML element. */
  static String json(ReportData data) {
    try {
      return MAPPER.writeValueAsString(collect(data));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // Records of numbers and texts.
    }
  }

  private static ScriptData collect(ReportData data) {
    Predictions predictions = data.predictions();
    Map<String, List<Integer>> cells = new TreeMap<>();
    data.images()
        .cells()
        .forEach(
            (Cell cell, List<Integer> images) ->
                cells.put(cell.actual() + "-" + cell.predicted(), images));
    Map<Integer, Image> images = new LinkedHashMap<>();
    for (int index : data.images().images()) {
      boolean inGallery = data.images().mistakes().contains(index);
      images.put(
          index,
          new Image(
              predictions.name(index),
              predictions.confidence(index),
              inGallery ? null : base64(data.thumbnails().get(index))));
    }
    return new ScriptData(
        predictions.classes(), data.course().map(ScriptData::curves).orElse(null), cells, images);
  }

  private static String base64(byte[] jpeg) {
    return jpeg == null ? null : Base64.getEncoder().encodeToString(jpeg);
  }

  private static Curves curves(Course course) {
    List<Evaluation> history = course.history();
    return new Curves(
        history.stream().map(Evaluation::iteration).toList(),
        bestIndex(course),
        Lines.of(history, Evaluation::trainingAccuracy, Evaluation::trainingLoss),
        Lines.of(history, Evaluation::validationAccuracy, Evaluation::validationLoss));
  }

  /** Where in the history the best iteration is; its end where it is not there. */
  static int bestIndex(Course course) {
    int last = course.history().size() - 1;
    return IntStream.rangeClosed(0, last)
        .filter(i -> course.history().get(i).iteration() == course.best())
        .findFirst()
        .orElse(last);
  }

  private static ObjectMapper mapper() {
    ObjectMapper mapper =
        JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
    mapper.getFactory().setCharacterEscapes(new ForHtml());
    return mapper;
  }

  /** No {@code </script>} nor {@code <!--} can come about in it. */
  private static final class ForHtml extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = CharacterEscapes.standardAsciiEscapesForJSON();
      codes['<'] = CharacterEscapes.ESCAPE_STANDARD;
      codes['>'] = CharacterEscapes.ESCAPE_STANDARD;
      codes['&'] = CharacterEscapes.ESCAPE_STANDARD;
      return codes;
    }

    @Override
    public SerializableString getEscapeSequence(int character) {
      return null;
    }
  }
}
