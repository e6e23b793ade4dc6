package dev.retrain.job.export;

import dev.retrain.model.ModelBundle;
import dev.retrain.model.SavedModelWriter;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.commons.io.file.PathUtils;

/**
 * Writes a model as a TensorFlow SavedModel. The model itself stays as it is.
 *
 * @param model the graph that a training wrote, or its description
 * @param directory where the SavedModel goes; one that is there is replaced
 */
public record ExportModelJob(Path model, Path directory) {
  /**
   * Runs it.
   *
   * @return what was written
   * @throws RetrainException where the model can't be read, or the directory holds something else
   * @throws IOException where a file can't be read or written
   */
  public ExportModelResult run() throws IOException {
    ModelBundle stored = ModelBundle.read(model);
    return new ExportModelResult(
        directory,
        SavedModelWriter.write(stored, directory),
        stored.description().labels().size(),
        PathUtils.sizeOfDirectory(directory));
  }
}
