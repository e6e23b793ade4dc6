package dev.retrain.report;

import dev.retrain.evaluation.Calibration;
import dev.retrain.evaluation.ConfusionMatrix;
import dev.retrain.evaluation.ConfusionMatrix.Confusion;
import dev.retrain.evaluation.Metrics;
import dev.retrain.evaluation.Metrics.Means;
import dev.retrain.evaluation.Predictions;
import dev.retrain.report.ReportData.ClassBalance;
import dev.retrain.report.ReportData.Course;
import dev.retrain.report.ReportData.Fact;
import dev.retrain.report.ReportData.FactGroup;
import dev.retrain.report.ReportData.HeatMap;
import dev.retrain.report.ReportData.Sweep;
import dev.retrain.training.Evaluation;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the template shows, as texts and lengths it only has to put in place; null is what there is
 * not.
 */
record ReportView(
    String title,
    String model,
    String headline,
    String summary,
    List<String> notices,
    List<Tile> tiles,
    CourseView course,
    String classCount,
    List<MatrixRow> matrix,
    String worstShare,
    List<Pair> pairs,
    List<ClassRow> classes,
    List<ClassRow> means,
    String mistakesNote,
    List<MistakeView> mistakes,
    CalibrationView calibration,
    List<BalanceRow> balance,
    SweepView sweep,
    List<FactGroup> facts,
    List<Fact> options,
    List<List<String>> commands) {
  /** A table of more classes can't be read. */
  private static final int MATRIX = 50;

  private static final int PAIRS = 10;

  /** Shades of a cell, from the style sheet's {@code r0} and {@code w0} on. */
  private static final int SHADES = 10;

  /** Side of the calibration's plot in the SVG's units. */
  private static final int SIDE = 300;

  record Tile(String name, String value, String note) {}

  record CourseView(
      String summary,
      String accuracy,
      String loss,
      int last,
      int bestIndex,
      List<CourseRow> rows) {}

  record CourseRow(
      String iteration,
      String trainingAccuracy,
      String validationAccuracy,
      String trainingLoss,
      String validationLoss) {}

  record MatrixRow(String label, List<MatrixCell> cells) {}

  record MatrixCell(
      boolean empty, int actual, int predicted, long count, String shade, String text) {}

  record Pair(
      int actual,
      int predicted,
      long count,
      String actualLabel,
      String predictedLabel,
      String text) {}

  record Share(String value, String text) {
    static Share of(double share) {
      return new Share(number("%.2f", 100 * share), percent(share));
    }
  }

  record ClassRow(String label, List<Share> shares, long support, String supportText) {}

  record MistakeView(
      int index,
      String source,
      String alternative,
      String actual,
      String predicted,
      String confidence,
      String name) {}

  record CalibrationView(
      String summary, String alternative, List<Tick> ticks, List<BinView> bins) {}

  record Tick(int x, int y, String text) {}

  record BinView(
      String x,
      String y,
      String width,
      String height,
      String range,
      String count,
      String confidence,
      String accuracy) {}

  record BalanceRow(
      String label,
      int training,
      int validation,
      int test,
      int all,
      String trainingText,
      String validationText,
      String testText,
      String allText,
      String trainingWidth,
      String validationWidth,
      String testStart,
      String testWidth) {}

  record SweepView(String summary, List<String> columns, List<List<String>> rows, MapView map) {}

  record MapView(String caption, String corner, List<String> columns, List<MapRow> rows) {}

  record MapRow(String label, List<MapCell> cells) {}

  record MapCell(String shade, String text) {}

  static ReportView of(ReportData data) {
    Metrics metrics = data.metrics();
    List<String> labels = data.predictions().labels();
    return new ReportView(
        "%s: %s of %s images told right"
            .formatted(data.model(), percent(metrics.accuracy()), count(metrics.count())),
        data.model(),
        "%s of %s images told right, among %s"
            .formatted(
                percent(metrics.accuracy()),
                count(metrics.count()),
                counted(labels.size(), "class", "classes")),
        data.summary(),
        data.notices(),
        tiles(metrics),
        data.course().map(ReportView::course).orElse(null),
        count(labels.size()),
        labels.size() <= MATRIX ? matrix(metrics.confusion()) : List.of(),
        percent(worstShare(metrics.confusion())),
        pairs(metrics.confusion()),
        metrics.classes().stream()
            .map(
                one ->
                    classRow(one.label(), one.precision(), one.recall(), one.f1(), one.support()))
            .toList(),
        List.of(
            means("Mean of the classes", metrics.macro(), metrics.count()),
            means("Weighted by support", metrics.weighted(), metrics.count())),
        mistakesNote(data),
        data.images().mistakes().stream().map(index -> mistake(data, index)).toList(),
        calibration(metrics.calibration()),
        balance(data.balance()),
        data.sweep().map(ReportView::sweep).orElse(null),
        data.facts(),
        data.options(),
        data.commands());
  }

  private static List<Tile> tiles(Metrics metrics) {
    return List.of(
        new Tile(
            "Accuracy",
            percent(metrics.accuracy()),
            "95\u00a0%%: %s to %s"
                .formatted(
                    number("%.1f", 100 * metrics.accuracyInterval().low()),
                    percent(metrics.accuracyInterval().high()))),
        new Tile("Among the first five", percent(metrics.top5Accuracy()), "top-5 accuracy"),
        new Tile("Loss", number("%.3f", metrics.loss()), "cross-entropy, nats"),
        new Tile("F1", percent(metrics.macro().f1()), "mean of the classes"),
        new Tile(
            "Calibration error",
            percent(metrics.calibration().expectedError()),
            "expected, 15 bins"));
  }

  private static CourseView course(Course course) {
    List<Evaluation> history = course.history();
    Evaluation first = history.get(0);
    Evaluation last = history.get(history.size() - 1);
    int bestIndex = ScriptData.bestIndex(course);
    Evaluation best = history.get(bestIndex);
    return new CourseView(
        "%s iterations; kept are the weights of iteration %s, where validation was best: %s told right."
            .formatted(
                count(last.iteration()),
                count(best.iteration()),
                percent(best.validationAccuracy())),
        "Accuracy over %s iterations: validation from %s to %s, at best %s at iteration %s. The table below has the numbers."
            .formatted(
                count(last.iteration()),
                percent(first.validationAccuracy()),
                percent(last.validationAccuracy()),
                percent(best.validationAccuracy()),
                count(best.iteration())),
        "Loss over %s iterations: validation from %s to %s. The table below has the numbers."
            .formatted(
                count(last.iteration()),
                number("%.3f", first.validationLoss()),
                number("%.3f", last.validationLoss())),
        history.size() - 1,
        bestIndex,
        history.stream()
            .map(
                each ->
                    new CourseRow(
                        count(each.iteration()),
                        percent(each.trainingAccuracy()),
                        percent(each.validationAccuracy()),
                        number("%.4f", each.trainingLoss()),
                        number("%.4f", each.validationLoss())))
            .toList());
  }

  private static List<MatrixRow> matrix(ConfusionMatrix confusion) {
    double worst = worstShare(confusion);
    int classes = confusion.labels().size();
    return IntStream.range(0, classes)
        .mapToObj(
            actual ->
                new MatrixRow(
                    confusion.labels().get(actual),
                    IntStream.range(0, classes)
                        .mapToObj(predicted -> cell(confusion, actual, predicted, worst))
                        .toList()))
        .toList();
  }

  private static MatrixCell cell(
      ConfusionMatrix confusion, int actual, int predicted, double worst) {
    long count = confusion.count(actual, predicted);
    double share = share(confusion, actual, predicted);
    return new MatrixCell(
        count == 0,
        actual,
        predicted,
        count,
        actual == predicted ? shade('r', share) : shade('w', worst == 0 ? 0 : share / worst),
        text(confusion.labels(), actual, predicted, count));
  }

  private static String shade(char ramp, double share) {
    return "" + ramp + Math.min(SHADES - 1, (int) (share * SHADES));
  }

  private static double share(ConfusionMatrix confusion, int actual, int predicted) {
    return (double) confusion.count(actual, predicted) / Math.max(1, confusion.actual(actual));
  }

  private static double worstShare(ConfusionMatrix confusion) {
    return confusion.confusions().stream()
        .mapToDouble(pair -> share(confusion, pair.actual(), pair.predicted()))
        .max()
        .orElse(0);
  }

  private static String text(List<String> labels, int actual, int predicted, long count) {
    return actual == predicted
        ? "%s of %s told right".formatted(counted(count, "image", "images"), labels.get(actual))
        : "%s of %s taken for %s"
            .formatted(
                counted(count, "image", "images"), labels.get(actual), labels.get(predicted));
  }

  private static List<Pair> pairs(ConfusionMatrix confusion) {
    List<String> labels = confusion.labels();
    return confusion.confusions().stream()
        .limit(labels.size() <= MATRIX ? PAIRS : MATRIX)
        .map((Confusion pair) -> pair(labels, pair))
        .toList();
  }

  private static Pair pair(List<String> labels, Confusion pair) {
    return new Pair(
        pair.actual(),
        pair.predicted(),
        pair.count(),
        labels.get(pair.actual()),
        labels.get(pair.predicted()),
        text(labels, pair.actual(), pair.predicted(), pair.count()));
  }

  private static ClassRow means(String label, Means means, long support) {
    return classRow(label, means.precision(), means.recall(), means.f1(), support);
  }

  private static ClassRow classRow(
      String label, double precision, double recall, double f1, long support) {
    return new ClassRow(
        label, Stream.of(precision, recall, f1).map(Share::of).toList(), support, count(support));
  }

  private static String mistakesNote(ReportData data) {
    long mistakes = data.metrics().count() - data.metrics().confusion().correct();
    int shown = data.images().mistakes().size();
    return shown == mistakes
        ? "All %s, the surest first.".formatted(counted(mistakes, "mistake", "mistakes"))
        : "The %s surest of %s mistakes. Look here for wrong labels, too."
            .formatted(count(shown), count(mistakes));
  }

  private static MistakeView mistake(ReportData data, int index) {
    Predictions predictions = data.predictions();
    String actual = predictions.labels().get(predictions.actual(index));
    String predicted = predictions.labels().get(predictions.predicted(index));
    byte[] jpeg = data.thumbnails().get(index);
    return new MistakeView(
        index,
        jpeg == null ? null : "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg),
        "%s, taken for %s".formatted(predictions.name(index), predicted),
        actual,
        predicted,
        percent(predictions.confidence(index)),
        predictions.name(index));
  }

  private static CalibrationView calibration(Calibration calibration) {
    List<Calibration.Bin> bins = calibration.bins();
    double sure = bins.stream().mapToDouble(bin -> bin.count() * bin.confidence()).sum();
    double right = bins.stream().mapToDouble(bin -> bin.count() * bin.accuracy()).sum();
    int count = bins.stream().mapToInt(Calibration.Bin::count).sum();
    String summary =
        "On average it is sure to %s, and right in %s of the cases; what it says and what is true are %s apart (expected calibration error)."
            .formatted(
                percent(sure / count),
                percent(right / count),
                percent(calibration.expectedError()));
    return new CalibrationView(
        summary,
        "Share told right by how sure the model was, a bar a range. The table below has the numbers.",
        IntStream.rangeClosed(0, 4)
            .mapToObj(i -> new Tick(i * SIDE / 4, SIDE - i * SIDE / 4, 25 * i + ""))
            .toList(),
        bins.stream().map(ReportView::bin).toList());
  }

  private static BinView bin(Calibration.Bin bin) {
    double width = SIDE * (bin.to() - bin.from());
    double height = SIDE * bin.accuracy();
    return new BinView(
        number("%.1f", SIDE * bin.from() + 1),
        number("%.1f", SIDE - height),
        number("%.1f", width - 2),
        number("%.1f", height),
        "%s to %s".formatted(number("%.1f", 100 * bin.from()), percent(bin.to())),
        count(bin.count()),
        bin.count() == 0 ? "" : percent(bin.confidence()),
        bin.count() == 0 ? "" : percent(bin.accuracy()));
  }

  private static List<BalanceRow> balance(List<ClassBalance> classes) {
    double most = classes.stream().mapToInt(ClassBalance::all).max().orElse(1);
    return classes.stream()
        .map(
            one ->
                new BalanceRow(
                    one.label(),
                    one.training(),
                    one.validation(),
                    one.test(),
                    one.all(),
                    count(one.training()),
                    count(one.validation()),
                    count(one.test()),
                    count(one.all()),
                    number("%.2f", 100 * one.training() / most),
                    number("%.2f", 100 * one.validation() / most),
                    number("%.2f", 100 * (one.training() + one.validation()) / most),
                    number("%.2f", 100 * one.test() / most)))
        .toList();
  }

  private static SweepView sweep(Sweep sweep) {
    return new SweepView(
        sweep.summary(),
        sweep.columns(),
        sweep.rows(),
        sweep.map().map(ReportView::map).orElse(null));
  }

  private static MapView map(HeatMap map) {
    double[] known =
        map.values().stream()
            .flatMap(List::stream)
            .mapToDouble(Double::doubleValue)
            .filter(Double::isFinite)
            .toArray();
    double least = DoubleStream.of(known).min().orElse(0);
    double range = DoubleStream.of(known).max().orElse(0) - least;
    return new MapView(
        "Validation accuracy by %s (rows) and %s (columns), mean over the seeds"
            .formatted(map.rowName(), map.columnName()),
        "%s \\ %s".formatted(map.rowName(), map.columnName()),
        map.columns(),
        IntStream.range(0, map.rows().size())
            .mapToObj(
                row ->
                    new MapRow(
                        map.rows().get(row),
                        map.values().get(row).stream()
                            .map(value -> mapCell(value, least, range))
                            .toList()))
            .toList());
  }

  private static MapCell mapCell(double value, double least, double range) {
    return Double.isFinite(value)
        ? new MapCell(shade('r', range == 0 ? 1 : (value - least) / range), percent(value))
        : new MapCell("none", "");
  }

  private static String percent(double share) {
    return number("%.1f\u00a0%%", 100 * share);
  }

  private static String count(long count) {
    return number("%,d", count);
  }

  private static String counted(long count, String one, String several) {
    return count(count) + " " + (count == 1 ? one : several);
  }

  private static String number(String format, Object value) {
    return String.format(Locale.ROOT, format, value);
  }
}
