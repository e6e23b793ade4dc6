package dev.retrain.tensorboard;

import dev.retrain.util.io.AtomicFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What TensorBoard's projector shows: points in a space of many dimensions, with words and a small
 * image for each.
 *
 * <p>A run's directory gets {@code projector_config.pbtxt}, written last, which leads to {@code
 * embedding/vectors.bytes} (float32, little-endian, row by row), {@code metadata.tsv} and {@code
 * sprite.png}.
 */
public final class Projector {
  /** The file that TensorBoard looks for. */
  private static final String CONFIG = "projector_config.pbtxt";

  private static final String DIRECTORY = "embedding";
  private static final String VECTORS = "vectors.bytes";
  private static final String METADATA = "metadata.tsv";
  private static final String SPRITE = "sprite.png";

  private Projector() {}

  /** Gives vectors. */
  @FunctionalInterface
  public interface Rows {
    /**
     * @param index which
     * @param target is filled
     */
    void copy(int index, float[] target);
  }

  /**
   * Points.
   *
   * @param name what they are called
   * @param length floats in a vector
   * @param vectors the vectors
   * @param columns what is said of each point, at least two things
   * @param words that, for each point; tabs and line breaks become spaces
   * @param sprite small images of the points; absent where there are none
   */
  public record Points(
      String name,
      int length,
      Rows vectors,
      List<String> columns,
      List<List<String>> words,
      Optional<Sprite> sprite) {
    /** Copies the lists. */
    public Points {
      columns = List.copyOf(columns);
      words = List.copyOf(words);
      if (columns.size() < 2) {
        throw new IllegalArgumentException("TensorBoard takes a single column's name for a point");
      }
      if (!name.matches("[A-Za-z0-9_-]+")) {
        throw new IllegalArgumentException("not a plain name: " + name);
      }
    }

    int count() {
      return words.size();
    }
  }

  /**
   * Squares in one image, as many in a row as in a column, row by row.
   *
   * @param png the image's file
   * @param side of a square, in pixels
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Sprite(byte[] png, int side) {}

  /**
   * Writes points.
   *
   * @param run the run's directory, which has events, too
   * @param points what is shown
   * @throws IOException where that fails
   */
  public static void write(Path run, Points points) throws IOException {
    Path directory = run.resolve(DIRECTORY);
    AtomicFile.write(directory.resolve(VECTORS), out -> writeVectors(points, out));
    AtomicFile.write(
        directory.resolve(METADATA), metadata(points).getBytes(StandardCharsets.UTF_8));
    if (points.sprite().isPresent()) {
      AtomicFile.write(directory.resolve(SPRITE), points.sprite().get().png());
    } else {
      Files.deleteIfExists(directory.resolve(SPRITE));
    }
    AtomicFile.write(run.resolve(CONFIG), config(points).getBytes(StandardCharsets.UTF_8));
  }

  private static void writeVectors(Points points, OutputStream file) throws IOException {
    OutputStream out = new BufferedOutputStream(file, 1 << 16);
    float[] vector = new float[points.length()];
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < points.count(); i++) {
      points.vectors().copy(i, vector);
      bytes.asFloatBuffer().put(vector);
      out.write(bytes.array());
    }
    out.flush();
  }

  private static String metadata(Points points) {
    StringBuilder lines = new StringBuilder(line(points.columns()));
    points.words().forEach(words -> lines.append(line(words)));
    return lines.toString();
  }

  private static String line(List<String> cells) {
    return cells.stream()
            .map(cell -> cell.replaceAll("[\\t\\v]", " "))
            .collect(Collectors.joining("\t"))
        + "\n";
  }

  private static String config(Points points) {
    String sprite =
        points
            .sprite()
            .map(
                one ->
                    """
                      sprite {
                        image_path: "%s/%s"
                        single_image_dim: %d
                        single_image_dim: %d
                      }
                    """
                        .formatted(DIRECTORY, SPRITE, one.side(), one.side()))
            .orElse("");
    return """
        embeddings {
          tensor_name: "%s"
          tensor_path: "%s/%s"
          tensor_shape: %d
          tensor_shape: %d
          metadata_path: "%s/%s"
        %s}
        """
        .formatted(
            points.name(),
            DIRECTORY,
            VECTORS,
            points.count(),
            points.length(),
            DIRECTORY,
            METADATA,
            sprite);
  }
}
