package dev.retrain.report;

import dev.retrain.evaluation.Predictions;
import dev.retrain.image.render.Thumbnails;
import dev.retrain.job.evaluate.EvaluateJob;
import dev.retrain.job.evaluate.EvaluateResult;
import dev.retrain.model.ModelMetadata;
import dev.retrain.model.ModelMetadata.ClassCounts;
import dev.retrain.model.ModelMetadata.DataOrigin;
import dev.retrain.model.ModelMetadata.ImageInput;
import dev.retrain.report.ReportData.ClassBalance;
import dev.retrain.report.ReportData.Course;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Evaluates a model and writes a page about it.
 *
 * @param evaluation on what
 * @param maxImages how many images the page may show, at least 0
 * @param command the command line that makes the page again, word by word
 * @param file the HTML file; an earlier one is replaced
 */
public record ReportJob(EvaluateJob evaluation, int maxImages, List<String> command, Path file) {
  /** Checks the range. */
  public ReportJob {
    if (maxImages < 0) {
      throw new IllegalArgumentException(
          "images in a report must be at least 0, but are " + maxImages);
    }
  }

  /**
   * Runs it.
   *
   * @param progress is told how far it is, and may stop it
   * @return what it came to
   * @throws RetrainException where the model or the images can't be used
   * @throws CancelledException where the user stopped it; no page is written
   * @throws IOException where a file can't be read or written
   */
  public ReportResult run(Progress progress) throws IOException {
    EvaluateResult evaluated = evaluation.run(progress);
    Predictions predictions = evaluated.predictions();
    boolean ofImages = evaluated.model().input() instanceof ImageInput;
    ExampleSelection images = ExampleSelection.select(predictions, maxImages);
    Map<Integer, byte[]> thumbnails =
        ofImages ? Thumbnails.render(images.images(), evaluated.files()::get, progress) : Map.of();
    byte[] html = HtmlReport.html(data(evaluated, images, thumbnails));
    AtomicFile.write(file, html);
    return new ReportResult(file, html.length, thumbnails.size(), evaluated);
  }

  private ReportData data(
      EvaluateResult evaluated, ExampleSelection images, Map<Integer, byte[]> thumbnails)
      throws IOException {
    ModelMetadata model = evaluated.model();
    ReportText texts = new ReportText(evaluation.model(), evaluated);
    return new ReportData(
        evaluation.model().getFileName().toString(),
        texts.summary(),
        evaluated.data().notices(),
        Optional.ofNullable(model.metrics().history())
            .map(history -> new Course(history.evaluations(), model.metrics().bestIteration())),
        evaluated.predictions(),
        evaluated.metrics(),
        balance(model.labels(), model.data()),
        images,
        thumbnails,
        SweepSection.load(model).map(SweepSection::sweep),
        texts.facts(),
        texts.options(),
        texts.commands(command));
  }

  private static List<ClassBalance> balance(List<String> labels, DataOrigin data) {
    List<ClassCounts> counts = data.classes();
    return IntStream.range(0, counts.size())
        .mapToObj(
            i ->
                new ClassBalance(
                    labels.get(i),
                    counts.get(i).training(),
                    counts.get(i).validation(),
                    counts.get(i).test()))
        .toList();
  }
}
