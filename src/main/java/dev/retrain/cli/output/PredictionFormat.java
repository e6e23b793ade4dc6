package dev.retrain.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.dataset.labels.LabelSet;
import dev.retrain.job.predict.PredictJob.Classified;
import dev.retrain.model.ImageClassifier.Prediction;
import dev.retrain.util.Json;
import dev.retrain.util.text.CsvText;
import dev.retrain.util.text.TerminalText;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Formats of predictions. */
public enum PredictionFormat {
  /** For people: the image, then one line per class. Unreadable images are only on stderr. */
  TEXT {
    @Override
    public Printer printer(PrintWriter out, int top, boolean multiLabel) {
      return image -> {
        if (image.reason().isPresent()) {
          return;
        }
        out.println(TerminalText.escape(image.image().toString()));
        if (multiLabel && image.labels().orElseThrow().isEmpty()) {
          Prediction best = image.predictions().get(0);
          out.println(
              String.format(
                  Locale.ROOT,
                  "  no label reaches its threshold; the most probable is %s (%s)",
                  TerminalText.escape(best.label()),
                  Numbers.percent(best.probability())));
        }
        for (Prediction one : image.labels().orElse(image.predictions())) {
          String label = TerminalText.escape(one.label());
          out.println(
              String.format(Locale.ROOT, "  %6s  %s", Numbers.percent(one.probability()), label));
        }
      };
    }
  },

  /**
   * One JSON object per line: path and predictions, or path and error. Where an image may have
   * several labels, also the labels that reach their thresholds.
   */
  JSONL {
    @Override
    public Printer printer(PrintWriter out, int top, boolean multiLabel) {
      return image -> {
        ObjectNode node = Json.mapper().createObjectNode();
        node.put("path", image.image().toString());
        if (image.reason().isPresent()) {
          node.put("error", image.reason().get());
        } else {
          image
              .labels()
              .ifPresent(labels -> node.set("labels", Json.mapper().valueToTree(names(labels))));
          node.set("predictions", Json.mapper().valueToTree(image.predictions()));
        }
        out.println(AsciiJson.line(node));
      };
    }
  },

  /**
   * One row per image: path, {@code top} labels with their probabilities, error. Where an image may
   * have several labels, those that reach their thresholds follow the path, separated by
   * semicolons.
   */
  CSV {
    @Override
    public Printer printer(PrintWriter out, int top, boolean multiLabel) throws IOException {
      CSVPrinter csv =
          new CSVPrinter(out, CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get());
      List<Object> header = new ArrayList<>(List.of("path"));
      if (multiLabel) {
        header.add("labels");
      }
      for (int rank = 1; rank <= top; rank++) {
        header.addAll(List.of("label_" + rank, "probability_" + rank));
      }
      header.add("error");
      csv.printRecord(header);
      return image -> {
        List<Object> row = new ArrayList<>(List.of(CsvText.cell(image.image().toString())));
        if (multiLabel) {
          row.add(
              image
                  .labels()
                  .map(labels -> CsvText.cell(LabelSet.join(names(labels))))
                  .orElse(null));
        }
        for (Prediction one : image.predictions()) {
          row.addAll(List.of(CsvText.cell(one.label()), one.probability()));
        }
        while (row.size() < header.size() - 1) {
          row.add(null);
        }
        row.add(image.reason().map(CsvText::cell).orElse(null));
        csv.printRecord(row);
      };
    }
  };

  /** Prints the predictions of one image after the other. */
  @FunctionalInterface
  public interface Printer {
    void print(Classified image) throws IOException;
  }

  /**
   * @param out is not flushed
   * @param top the number of classes per image
   * @param multiLabel whether an image may have several labels
   */
  public abstract Printer printer(PrintWriter out, int top, boolean multiLabel) throws IOException;

  private static List<String> names(List<Prediction> labels) {
    return labels.stream().map(Prediction::label).toList();
  }

  /** The name as it is typed. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
