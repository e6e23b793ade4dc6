package dev.retrain.job.export;

import dev.retrain.model.ModelBundle;
import dev.retrain.model.export.SavedModelWriter;
import dev.retrain.model.export.SavedModelWriter.Signature;
import dev.retrain.model.legacy.ModelHints;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.file.PathUtils;

/**
 * Exports a model as a TensorFlow SavedModel. The model itself is not changed.
 *
 * @param model the graph of a trained model, or its metadata file
 * @param directory the SavedModel's directory; an existing SavedModel is replaced
 * @param trustGraph whether the model's graph may run whatever its ops are
 * @param hints what the user says about a model without metadata
 */
public record ExportModelJob(Path model, Path directory, boolean trustGraph, ModelHints hints) {
  /**
   * The exported SavedModel.
   *
   * @param directory its directory
   * @param signatures its signatures
   * @param classes number of classes
   * @param bytes its size
   */
  public record Result(Path directory, List<Signature> signatures, int classes, long bytes) {
    public Result {
      signatures = List.copyOf(signatures);
    }
  }

  /**
   * Exports the model.
   *
   * @throws RetrainException if the model can't be read, or the directory holds anything else
   * @throws IOException if a file can't be read or written
   */
  public Result run() throws IOException {
    ModelBundle bundle = ModelBundle.read(model, trustGraph, hints);
    return new Result(
        directory,
        SavedModelWriter.write(bundle, directory),
        bundle.metadata().labels().size(),
        PathUtils.sizeOfDirectory(directory));
  }
}
