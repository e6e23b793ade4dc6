package dev.retrain.report;

import dev.retrain.evaluation.assessment.Assessment;
import dev.retrain.image.render.Thumbnails;
import dev.retrain.job.evaluate.EvaluateJob;
import dev.retrain.job.evaluate.EvaluateResult;
import dev.retrain.model.ModelMetadata;
import dev.retrain.model.ModelMetadata.ImageInput;
import dev.retrain.model.data.DataOrigin.ClassCounts;
import dev.retrain.report.data.ClassBalance;
import dev.retrain.report.data.EvaluationSection;
import dev.retrain.report.data.ExampleSelection;
import dev.retrain.report.data.Overview;
import dev.retrain.report.data.Provenance;
import dev.retrain.report.data.ReportData;
import dev.retrain.report.data.TrainingCurves;
import dev.retrain.report.data.TrainingSection;
import dev.retrain.report.multilabel.MultiLabelView;
import dev.retrain.report.multilabel.TopMisclassifications;
import dev.retrain.util.CancelledException;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.AtomicFile;
import dev.retrain.util.io.LockFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Evaluates a model and writes an HTML report about it.
 *
 * @param evaluation the evaluation to run
 * @param maxImages maximum number of images in the report, at least 0
 * @param command the words of the command line that writes the report again
 * @param file the HTML file; an existing file is replaced
 */
public record ReportJob(EvaluateJob evaluation, int maxImages, List<String> command, Path file) {
  /**
   * @throws InvalidSettingException if {@code maxImages} is negative
   */
  public ReportJob {
    command = List.copyOf(command);
    if (maxImages < 0) {
      throw new InvalidSettingException(
          Setting.MAX_IMAGES, "must be at least 0, but is %,d", maxImages);
    }
  }

  /**
   * The report that was written.
   *
   * @param file the HTML file
   * @param bytes its size
   * @param images number of images in it
   * @param evaluation the evaluation that it shows
   */
  public record Result(Path file, long bytes, int images, EvaluateResult evaluation) {}

  /**
   * Evaluates the model and writes the report.
   *
   * @param progress receives the progress, and may cancel
   * @throws RetrainException if the model or the images can't be used
   * @throws CancelledException if the user cancels; no report is written
   * @throws IOException if a file can't be read or written
   */
  public Result run(Progress progress) throws IOException {
    LockFile lock =
        LockFile.beside(file)
            .orElseThrow(
                () ->
                    new RetrainException(
                        "Another process is writing to %s; wait until it ends, or choose another"
                            + " file.",
                        file));
    try (lock) {
      return runLocked(progress);
    }
  }

  private Result runLocked(Progress progress) throws IOException {
    EvaluateResult evaluated = evaluation.run(progress);
    return evaluated.assessment() instanceof Assessment.MultiLabel multi
        ? multiLabel(evaluated, multi, progress)
        : singleLabel(evaluated, progress);
  }

  private Result singleLabel(EvaluateResult evaluated, Progress progress) throws IOException {
    ExampleSelection examples = ExampleSelection.select(evaluated.predictions(), maxImages);
    Map<Integer, byte[]> thumbnails = thumbnails(examples.images(), evaluated, progress);
    ReportData data =
        new ReportData(
            overview(evaluated),
            training(evaluated.model()),
            new EvaluationSection(
                evaluated.predictions(), evaluated.metrics(), examples, thumbnails),
            provenance(evaluated));
    return write(HtmlReport.render(data), thumbnails.size(), evaluated);
  }

  private Result multiLabel(
      EvaluateResult evaluated, Assessment.MultiLabel assessment, Progress progress)
      throws IOException {
    TopMisclassifications mistakes =
        TopMisclassifications.select(assessment.predictions(), maxImages);
    Map<Integer, byte[]> thumbnails = thumbnails(mistakes.images(), evaluated, progress);
    MultiLabelView view =
        MultiLabelView.from(
            overview(evaluated),
            training(evaluated.model()),
            assessment,
            mistakes,
            thumbnails,
            provenance(evaluated));
    return write(HtmlReport.render(view), thumbnails.size(), evaluated);
  }

  private Overview overview(EvaluateResult evaluated) {
    return new OverviewText(evaluated).overview(evaluation.model().getFileName().toString());
  }

  private Map<Integer, byte[]> thumbnails(
      Set<Integer> images, EvaluateResult evaluated, Progress progress) {
    return evaluated.model().input() instanceof ImageInput
        ? Thumbnails.render(images, evaluated.files()::get, evaluation.pixelLimit(), progress)
        : Map.of();
  }

  private Result write(byte[] html, int images, EvaluateResult evaluated) throws IOException {
    AtomicFile.write(file, html);
    return new Result(file, html.length, images, evaluated);
  }

  private static TrainingSection training(ModelMetadata model) throws IOException {
    return new TrainingSection(
        Optional.ofNullable(model.metrics().history())
            .map(
                history ->
                    new TrainingCurves(history.evaluations(), model.metrics().bestIteration())),
        balance(model.labels(), model.data().classes()),
        SweepSection.load(model).map(SweepSection::table));
  }

  private static List<ClassBalance> balance(List<String> labels, List<ClassCounts> classes) {
    return IntStream.range(0, classes.size())
        .mapToObj(
            i ->
                new ClassBalance(
                    labels.get(i),
                    classes.get(i).training(),
                    classes.get(i).validation(),
                    classes.get(i).test()))
        .toList();
  }

  private Provenance provenance(EvaluateResult evaluated) {
    RecordedOptions options = new RecordedOptions(evaluated.model());
    return new Provenance(
        new ModelFacts(evaluation.model(), evaluated).groups(),
        options.facts(),
        Stream.concat(options.trainCommand().stream(), Stream.of(command))
            .map(ShellQuoting::quote)
            .toList());
  }
}
