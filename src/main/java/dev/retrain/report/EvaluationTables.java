package dev.retrain.report;

import dev.retrain.dataset.labels.LabelSet;
import dev.retrain.evaluation.ConfusionMatrix;
import dev.retrain.evaluation.Predictions;
import dev.retrain.evaluation.assessment.Assessment;
import dev.retrain.evaluation.multilabel.MultiLabelPredictions;
import dev.retrain.util.io.AtomicFile;
import dev.retrain.util.text.CsvText;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * The results of an evaluation for spreadsheets and data frames: CSV files (RFC 4180) in UTF-8,
 * whose text is no formula ({@link CsvText}).
 */
public final class EvaluationTables {
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

  private EvaluationTables() {}

  /**
   * Writes the predictions; the columns depend on whether an image may have several labels.
   *
   * @param assessment the predictions
   * @param paths the file of each image, in the order of the predictions
   * @param partitions the set that each image was assigned to, in the same order
   * @param file the file to write
   * @throws IOException if the file can't be written
   */
  public static void writePredictions(
      Assessment assessment, List<String> paths, List<String> partitions, Path file)
      throws IOException {
    if (assessment instanceof Assessment.MultiLabel multi) {
      writePredictions(multi.predictions(), paths, partitions, file);
    } else {
      writePredictions(assessment.singleLabel().predictions(), paths, partitions, file);
    }
  }

  /**
   * Writes a row for each image: path, partition, actual and predicted classes separated by
   * semicolons, and the probability of each class in a column {@code p(<class>)}.
   */
  private static void writePredictions(
      MultiLabelPredictions predictions, List<String> paths, List<String> partitions, Path file)
      throws IOException {
    write(
        file,
        csv -> {
          for (String column : List.of("path", "partition", "actual", "predicted")) {
            csv.print(column);
          }
          for (String label : predictions.labels()) {
            csv.print("p(" + label + ")");
          }
          csv.println();
          for (int i = 0; i < predictions.count(); i++) {
            csv.print(CsvText.cell(paths.get(i)));
            csv.print(partitions.get(i));
            csv.print(CsvText.cell(LabelSet.join(predictions.actualLabels(i))));
            csv.print(CsvText.cell(LabelSet.join(predictions.predictedLabels(i))));
            for (int label = 0; label < predictions.classes(); label++) {
              csv.print(predictions.probability(i, label));
            }
            csv.println();
          }
        });
  }

  /**
   * Writes a row for each image: path, partition, actual class, predicted class and its
   * probability, and the probability of each class in a column {@code p(<class>)}.
   *
   * @param predictions the predictions
   * @param paths the file of each image, in the order of the predictions
   * @param partitions the set that each image was assigned to, in the same order
   * @param file the file to write
   * @throws IOException if the file can't be written
   */
  public static void writePredictions(
      Predictions predictions, List<String> paths, List<String> partitions, Path file)
      throws IOException {
    write(
        file,
        csv -> {
          for (String column : List.of("path", "partition", "actual", "predicted", "probability")) {
            csv.print(column);
          }
          for (String label : predictions.labels()) {
            csv.print("p(" + label + ")");
          }
          csv.println();
          for (int i = 0; i < predictions.count(); i++) {
            csv.print(CsvText.cell(paths.get(i)));
            csv.print(partitions.get(i));
            csv.print(CsvText.cell(predictions.labels().get(predictions.actual(i))));
            csv.print(CsvText.cell(predictions.labels().get(predictions.predicted(i))));
            csv.print(predictions.confidence(i));
            for (float probability : predictions.probabilities(i)) {
              csv.print(probability);
            }
            csv.println();
          }
        });
  }

  /**
   * Writes a confusion matrix: the first row has the predicted classes, the first column the actual
   * classes.
   *
   * @param confusion the matrix
   * @param file the file to write
   * @throws IOException if the file can't be written
   */
  public static void writeConfusion(ConfusionMatrix confusion, Path file) throws IOException {
    write(
        file,
        csv -> {
          csv.print("actual");
          for (String label : confusion.labels()) {
            csv.print(CsvText.cell(label));
          }
          csv.println();
          for (int actual = 0; actual < confusion.labels().size(); actual++) {
            csv.print(CsvText.cell(confusion.labels().get(actual)));
            for (int predicted = 0; predicted < confusion.labels().size(); predicted++) {
              csv.print(confusion.count(actual, predicted));
            }
            csv.println();
          }
        });
  }

  @FunctionalInterface
  private interface Content {
    void printTo(CSVPrinter csv) throws IOException;
  }

  private static void write(Path file, Content content) throws IOException {
    AtomicFile.write(
        file,
        (OutputStream out) -> {
          // AtomicFile closes the stream.
          Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
          CSVPrinter csv = new CSVPrinter(text, FORMAT);
          content.printTo(csv);
          csv.flush();
        });
  }
}
