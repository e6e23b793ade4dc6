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
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes embeddings for TensorBoard's projector: vectors, with metadata and a thumbnail for each.
 *
 * <p>The files are {@code projector_config.pbtxt}, written last, and in the directory {@code
 * embedding} {@code vectors.bytes} (float32, little-endian, row by row), {@code metadata.tsv} and
 * {@code sprite.png}.
 */
public final class Projector {
  /** The file that TensorBoard looks for. */
  private static final String CONFIG = "projector_config.pbtxt";

  private static final String DIRECTORY = "embedding";
  private static final String VECTORS = "vectors.bytes";
  private static final String METADATA = "metadata.tsv";
  private static final String SPRITE = "sprite.png";

  private Projector() {}

  /** Access to the vectors by index. */
  @FunctionalInterface
  public interface Rows {
    /**
     * @param index index of the vector
     * @param target receives the vector
     */
    void copy(int index, float[] target);
  }

  /**
   * An embedding.
   *
   * @param name name of the tensor: letters, digits, {@code _} and {@code -}
   * @param length number of floats of a vector
   * @param vectors the vectors
   * @param columns names of the metadata columns, at least two
   * @param metadata one row for each vector; tabs and line breaks become spaces
   * @param sprite thumbnails of the points; absent by default
   */
  public record Points(
      String name,
      int length,
      Rows vectors,
      List<String> columns,
      List<List<String>> metadata,
      Optional<Sprite> sprite) {
    public Points {
      columns = List.copyOf(columns);
      metadata = List.copyOf(metadata);
      if (columns.size() < 2) {
        throw new IllegalArgumentException("TensorBoard needs at least two metadata columns");
      }
      if (!name.matches("[A-Za-z0-9_-]+")) {
        throw new IllegalArgumentException("invalid name of a tensor: " + name);
      }
    }

    int count() {
      return metadata.size();
    }
  }

  /**
   * A square image of thumbnails, row by row.
   *
   * @param png the bytes of a PNG file
   * @param side side of a thumbnail, in pixels
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Sprite(byte[] png, int side) {}

  /**
   * Writes an embedding.
   *
   * @param run a directory with event files
   * @param points the embedding
   * @throws IOException if writing fails
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
    points.metadata().forEach(row -> lines.append(line(row)));
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
                    String.format(
                        Locale.ROOT,
                        """
                      sprite {
                        image_path: "%s/%s"
                        single_image_dim: %d
                        single_image_dim: %d
                      }
                    """,
                        DIRECTORY,
                        SPRITE,
                        one.side(),
                        one.side()))
            .orElse("");
    return String.format(
        Locale.ROOT,
        """
        embeddings {
          tensor_name: "%s"
          tensor_path: "%s/%s"
          tensor_shape: %d
          tensor_shape: %d
          metadata_path: "%s/%s"
        %s}
        """,
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
