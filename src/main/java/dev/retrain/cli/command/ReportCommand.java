package dev.retrain.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.option.ModelHintOptions;
import dev.retrain.cli.option.ModelParameter;
import dev.retrain.cli.option.OutputFileChecks;
import dev.retrain.cli.option.RunTimeoutOption;
import dev.retrain.cli.option.TrustGraphOption;
import dev.retrain.cli.option.UsageErrors;
import dev.retrain.cli.option.data.EvaluationDataOptions;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.dataset.Partition;
import dev.retrain.evaluation.assessment.Assessment;
import dev.retrain.report.HtmlReport;
import dev.retrain.report.ReportJob;
import dev.retrain.util.Json;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code retrain report}. */
@Command(
    name = "report",
    header = "Write an HTML report about a trained model.",
    description =
        "%nEvaluates a model on its test images, as 'evaluate' does, and writes one HTML file with"
            + " the training curves, the confusion matrix and its images, the metrics of each class,"
            + " the most confident mistakes, the calibration and the provenance. The file is"
            + " self-contained: it includes small versions of the images and loads nothing.%n",
    footer = {
      "",
      "Examples:",
      "  retrain report",
      "  retrain report tmp/output_graph.pb --image-dir new_photos -o new_photos.html",
    })
public final class ReportCommand extends RetrainCommand {
  @Mixin private ModelParameter model;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The HTML file; an earlier report is overwritten. Default: ${DEFAULT-VALUE}.")
  private Path file = Path.of("image/report.html");

  @Option(
      names = {"--max-images", "--max-pictures"},
      paramLabel = "N",
      description =
          "Maximum number of images in the report, as JPEG images of 96 pixels; 0 for none."
              + " Default: ${DEFAULT-VALUE}.")
  private int maxImages = 2000;

  @Option(
      names = {"-f", "--force"},
      description = "Overwrite the HTML file even if it is not a report.")
  private boolean force;

  @Mixin private EvaluationDataOptions evaluated;

  @Mixin private ModelHintOptions hints;
  @Mixin private TrustGraphOption trust;
  @Mixin RunTimeoutOption runTimeout;

  /**
   * @param interruption requests to stop the command
   */
  public ReportCommand(Interruption interruption) {
    super(interruption);
  }

  @Override
  protected ExitCode run() throws IOException {
    Path checked = model.existingFile();
    evaluated.check(new OutputFileChecks(spec()).add("--output", Optional.of(file)), checked);
    checkOverwrite();
    ReportJob job;
    try {
      job =
          new ReportJob(
              evaluated.job(checked, Optional.of(Partition.TEST), trust.isTrusted(), hints.hints()),
              maxImages,
              commandLine(),
              file);
    } catch (IllegalArgumentException e) {
      throw UsageErrors.create(spec(), e);
    }
    loadTensorFlow();
    print(job.run(progress()));
    return ExitCode.OK;
  }

  /** An existing file must be empty or a report, unless --force is given. */
  private void checkOverwrite() throws IOException {
    boolean occupied = Files.isRegularFile(file) && Files.size(file) > 0;
    if (occupied && !force && !HtmlReport.isReport(file)) {
      throw usage(
          "%s exists and is not a report; overwrite it with --force or choose another --output",
          file);
    }
  }

  private List<String> commandLine() {
    List<String> words = new ArrayList<>(List.of("retrain"));
    words.addAll(spec().commandLine().getParent().getParseResult().originalArgs());
    return words;
  }

  private void print(ReportJob.Result result) throws IOException {
    Assessment assessment = result.evaluation().assessment();
    String measure = assessment.objective().metricName();
    if (json()) {
      ObjectNode node = Json.mapper().createObjectNode();
      node.put("report", result.file().toString());
      node.put("bytes", result.bytes());
      node.put("images", result.images());
      node.put(measure, assessment.score());
      node.put("count", assessment.count());
      printJson(node);
    } else {
      line(
          "%s: %.1f%% test %s (%s); the report shows %,d of them (%.1f MB).",
          result.file(),
          100 * assessment.score(),
          measure.replace('_', ' '),
          Counted.of(assessment.count(), "image"),
          result.images(),
          result.bytes() / 1e6);
    }
  }
}
