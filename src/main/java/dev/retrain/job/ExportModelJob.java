package dev.retrain.job;

import dev.retrain.model.SavedModelWriter;
import dev.retrain.model.StoredModel;
import dev.retrain.work.Failure;
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
   * @throws Failure where the model can't be read, or the directory holds something else
   * @throws IOException where a file can't be read or written
   */
  public ExportModelReport run() throws IOException {
    StoredModel stored = StoredModel.read(model);
    return new ExportModelReport(
        directory,
        SavedModelWriter.write(stored, directory),
        stored.description().labels().size(),
        PathUtils.sizeOfDirectory(directory));
  }
}
