package dev.retrain.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.model.Json;
import dev.retrain.model.RetrainedModel;
import dev.retrain.model.RetrainedModel.Prediction;
import dev.retrain.picture.UnreadablePicture;
import dev.retrain.work.Cancelled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retrain predict}. */
@Command(
    name = "predict",
    header = "Classify pictures with a trained model.",
    description = "%nPrints the most probable classes of each picture.%n")
public final class PredictCommand extends RetrainCommand {
  @Parameters(index = "0", paramLabel = "MODEL", description = "The graph that 'train' wrote.")
  private Path model;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "PICTURE",
      description = "Picture files.")
  private List<Path> pictures;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "Classes to print. Default: ${DEFAULT-VALUE}.")
  private int top = 5;

  /**
   * @param interruption the user's wish to stop
   */
  public PredictCommand(Interruption interruption) {
    super(interruption);
  }

  @Override
  ExitCode run() throws IOException {
    if (top < 1) {
      throw usage("--top must be at least 1, but is " + top);
    }
    if (!Files.isRegularFile(model)) {
      throw usage("MODEL %s is not a file; give the graph that 'train' wrote".formatted(model));
    }
    loadTensorFlow();
    ExitCode exit = ExitCode.OK;
    try (RetrainedModel loaded = RetrainedModel.load(model)) {
      for (Path picture : pictures) {
        if (interruption.requested()) {
          throw new Cancelled("Interrupted: the pictures from %s on are left.".formatted(picture));
        }
        if (!predict(loaded, picture)) {
          exit = ExitCode.FAILED;
        }
      }
    }
    return exit;
  }

  private boolean predict(RetrainedModel loaded, Path picture) throws IOException {
    try {
      print(picture, loaded.classify(Files.readAllBytes(picture)).stream().limit(top).toList());
      return true;
    } catch (UnreadablePicture e) {
      printBroken(picture, e.getMessage());
    } catch (NoSuchFileException e) {
      printBroken(picture, "there is no such file");
    } catch (IOException e) {
      printBroken(picture, "it can't be read (%s)".formatted(e));
    }
    return false;
  }

  private void print(Path picture, List<Prediction> predictions) throws IOException {
    if (json()) {
      ObjectNode node = Json.mapper().createObjectNode().put("path", picture.toString());
      ArrayNode list = node.putArray("predictions");
      predictions.forEach(p -> list.add(Json.mapper().<ObjectNode>valueToTree(p)));
      printJson(node);
      return;
    }
    out().println(picture);
    for (Prediction prediction : predictions) {
      out()
          .println(
              String.format(
                  Locale.ROOT,
                  "  %5.1f %%  %s",
                  100 * prediction.probability(),
                  prediction.label()));
    }
    out().flush();
  }

  private void printBroken(Path picture, String reason) throws IOException {
    if (json()) {
      printJson(
          Json.mapper().createObjectNode().put("path", picture.toString()).put("error", reason));
    }
    err().println("%s: %s.".formatted(picture, reason));
    err().flush();
  }
}
