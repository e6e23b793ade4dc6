package dev.retrain.report;

import dev.retrain.evaluation.Metrics;
import dev.retrain.evaluation.Predictions;
import dev.retrain.report.data.ClassBalance;
import dev.retrain.report.data.EvaluationSection;
import dev.retrain.report.data.ExampleSelection;
import dev.retrain.report.data.FactGroup;
import dev.retrain.report.data.FactGroup.Fact;
import dev.retrain.report.data.HeatMap;
import dev.retrain.report.data.HeatMap.Axis;
import dev.retrain.report.data.Overview;
import dev.retrain.report.data.Provenance;
import dev.retrain.report.data.ReportData;
import dev.retrain.report.data.SweepTable;
import dev.retrain.report.data.TrainingCurves;
import dev.retrain.report.data.TrainingSection;
import dev.retrain.training.Evaluation;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** A report of made-up images whose names contain markup. */
public final class SampleReport {
  /** A class folder whose name is an HTML element. */
  public static final String HOSTILE = "<img src=x onerror=alert(1)>";

  /** The classes, each with a hostile or non-ASCII name. */
  public static final List<String> LABELS =
      List.of(HOSTILE, "</script><script>alert(2)</script>", "\"quo'ted\" & sons", "Löwenzahn 蒲公英");

  /** An image whose name would end the script. */
  public static final String HOSTILE_FILE =
      HOSTILE + "/</script><!-- \"a'b\" ${x} {{ y }} \u2028 & é.png";

  private static final int PER_CLASS = 90;

  private SampleReport() {}

  /** 60 evaluations, and 90 images of each class, about three quarters predicted correctly. */
  public static ReportData data() throws IOException {
    return new ReportData(
        new Overview(
            "sample.pb",
            "Headline of " + HOSTILE,
            "A classifier on " + HOSTILE + ".",
            List.of("A notice with <b>markup</b>.")),
        new TrainingSection(Optional.of(curves()), balance(), Optional.of(sweep())),
        evaluation(),
        new Provenance(
            List.of(new FactGroup("Data", List.of(new Fact("Directory", HOSTILE)))),
            List.of(new Fact("image_dir", HOSTILE)),
            List.of(List.of("retrain", "train", "--image-dir", "'" + HOSTILE + "'"))));
  }

  private static List<ClassBalance> balance() {
    return LABELS.stream()
        .map(label -> new ClassBalance(label, 700 + label.length(), 100, 90))
        .toList();
  }

  private static EvaluationSection evaluation() throws IOException {
    Predictions predictions = predictions();
    ExampleSelection examples = ExampleSelection.select(predictions, 400);
    Map<Integer, byte[]> thumbnails = new HashMap<>();
    for (int index : examples.images()) {
      thumbnails.put(index, jpeg(index));
    }
    return new EvaluationSection(predictions, Metrics.compute(predictions), examples, thumbnails);
  }

  /** The predictions for the report's images; the first image is the most confident mistake. */
  public static Predictions predictions() {
    int classes = LABELS.size();
    Random random = new Random(7);
    List<String> names = new ArrayList<>();
    int[] actual = new int[classes * PER_CLASS];
    float[] probabilities = new float[actual.length * classes];
    for (int i = 0; i < actual.length; i++) {
      actual[i] = i / PER_CLASS;
      names.add(i == 0 ? HOSTILE_FILE : LABELS.get(actual[i]) + "/" + i + ".png");
      int predicted = i == 0 ? 1 : random.nextInt(4) == 0 ? random.nextInt(classes) : actual[i];
      float confidence = i == 0 ? 0.999f : 0.4f + 0.55f * random.nextFloat();
      for (int label = 0; label < classes; label++) {
        probabilities[i * classes + label] =
            label == predicted ? confidence : (1 - confidence) / (classes - 1);
      }
    }
    return new Predictions(LABELS, names, actual, probabilities);
  }

  private static TrainingCurves curves() {
    return new TrainingCurves(
        IntStream.rangeClosed(1, 60)
            .mapToObj(
                i ->
                    new Evaluation(
                        10 * i,
                        0.8 - 0.5 / i + 0.02 * Math.sin(i),
                        0.6 + 1.5 / i,
                        0.75 - 0.45 / i + 0.005 * Math.cos(3 * i),
                        0.7 + 1.4 / i))
            .toList(),
        450);
  }

  private static SweepTable sweep() {
    return new SweepTable(
        "Four settings, three seeds each.",
        List.of("Learning rate", "Decay steps", "Validation accuracy"),
        List.of(List.of("0.01", "65", "74.9%"), List.of("0.1", "65", "72.0%")),
        Optional.of(
            new HeatMap(
                new Axis("learning rate", List.of("0.1", "0.01")),
                new Axis("decay steps", List.of("65", "100")),
                List.of(List.of(0.72, 0.715), List.of(0.749, Double.NaN)))));
  }

  private static byte[] jpeg(int index) throws IOException {
    BufferedImage image = new BufferedImage(32, 24, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < 32; x++) {
      for (int y = 0; y < 24; y++) {
        image.setRGB(x, y, Color.HSBtoRGB((index * 37 + x) / 360f, 0.6f, 0.3f + y / 40f));
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpeg", out);
    return out.toByteArray();
  }
}
