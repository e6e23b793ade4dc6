package dev.retrain.job.sweep;

import dev.retrain.util.io.AtomicFile;
import dev.retrain.util.text.CsvText;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The table of a sweep's runs, a line per run: CSV (RFC 4180) in UTF-8. */
final class SweepTable {
  private static final CSVFormat CSV = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

  private static final List<String> RESULT_COLUMNS =
      List.of(
          "seed",
          "validation_accuracy",
          "validation_loss",
          "best_iteration",
          "iterations",
          "plateau_iteration",
          "seconds",
          "failure");

  private SweepTable() {}

  /**
   * Writes the table.
   *
   * @param results the runs, at least one
   * @param file the file; an earlier one is replaced
   * @throws IOException if it can't be written
   */
  static void write(List<RunResult> results, Path file) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          CSVPrinter csv = new CSVPrinter(writer, CSV);
          csv.print("run");
          for (String option : results.get(0).run().setting().keySet()) {
            csv.print(RESULT_COLUMNS.contains(option) ? "option_" + option : option);
          }
          csv.printRecord(RESULT_COLUMNS);
          for (RunResult result : results) {
            print(result, csv);
          }
          csv.flush();
        });
  }

  private static void print(RunResult result, CSVPrinter csv) throws IOException {
    csv.print(result.run().name());
    for (String value : result.run().setting().values()) {
      csv.print(isNumber(value) ? value : CsvText.cell(value));
    }
    csv.print(result.run().seed());
    Optional<RunMetrics> metrics = result.metrics();
    csv.print(metrics.map(RunMetrics::validationAccuracy).orElse(null));
    csv.print(metrics.map(RunMetrics::validationLoss).orElse(null));
    csv.print(metrics.map(RunMetrics::bestIteration).orElse(null));
    csv.print(metrics.map(RunMetrics::iterations).orElse(null));
    csv.print(metrics.map(RunMetrics::plateauIteration).orElse(null));
    csv.print(metrics.map(RunMetrics::seconds).orElse(null));
    csv.print(result.failure().map(CsvText::cell).orElse(null));
    csv.println();
  }

  /** Whether an option's value is a number, which may start with a sign. */
  private static boolean isNumber(String value) {
    return value.matches("[+-]?[0-9.]+([eE][+-]?[0-9]+)?");
  }
}
