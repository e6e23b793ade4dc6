package dev.retrain.cli.output;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.job.predict.PredictJob.Classified;
import dev.retrain.model.ImageClassifier.Prediction;
import dev.retrain.util.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** How classified images are printed. */
public enum PredictionFormat {
  /** For people: the image, then a line a class; what can't be classified is on stderr only. */
  TEXT {
    @Override
    public Printer printer(PrintWriter out, int top) {
      return image -> {
        if (image.reason().isPresent()) {
          return;
        }
        out.println(image.image());
        for (Prediction one : image.predictions()) {
          out.println(
              String.format(Locale.ROOT, "  %5.1f %%  %s", 100 * one.probability(), one.label()));
        }
      };
    }
  },

  /** A JSON object a line: path and predictions, or path and error. */
  JSONL {
    @Override
    public Printer printer(PrintWriter out, int top) {
      // Non-ASCII escaped: the text survives whatever the terminal's or the pipe's encoding is.
      ObjectWriter json = Json.mapper().writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);
      return image -> {
        ObjectNode node = Json.mapper().createObjectNode();
        node.put("path", image.image().toString());
        if (image.reason().isPresent()) {
          node.put("error", image.reason().get());
        } else {
          node.set("predictions", Json.mapper().valueToTree(image.predictions()));
        }
        out.println(json.writeValueAsString(node));
      };
    }
  },

  /** A row an image: path, {@code top} labels with their probabilities, error. */
  CSV {
    @Override
    public Printer printer(PrintWriter out, int top) throws IOException {
      CSVPrinter csv =
          new CSVPrinter(out, CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get());
      List<Object> head = new ArrayList<>(List.of("path"));
      for (int rank = 1; rank <= top; rank++) {
        head.addAll(List.of("label_" + rank, "probability_" + rank));
      }
      head.add("error");
      csv.printRecord(head);
      return image -> {
        List<Object> row = new ArrayList<>(List.of(image.image().toString()));
        for (Prediction one : image.predictions()) {
          row.addAll(List.of(one.label(), one.probability()));
        }
        while (row.size() < head.size() - 1) {
          row.add(null);
        }
        row.add(image.reason().orElse(null));
        csv.printRecord(row);
      };
    }
  };

  /** Prints one image after the other. */
  @FunctionalInterface
  public interface Printer {
    void print(Classified image) throws IOException;
  }

  /**
   * Begins to print.
   *
   * @param out where; not flushed
   * @param top how many classes are told of each image
   */
  public abstract Printer printer(PrintWriter out, int top) throws IOException;

  /** As it is typed. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
