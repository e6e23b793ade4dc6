package dev.retrain.dataset.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.retrain.util.Json;
import dev.retrain.util.RetrainException;
import dev.retrain.util.table.TableReader;
import dev.retrain.util.table.TextFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * JSON Lines: an object on each line. Lines of predictions have the additional column {@value
 * #BEST}, the most probable class.
 */
final class JsonLinesTable implements TableReader {
  /** The most probable class; named as in a CSV file of predictions. */
  static final String BEST = "label_1";

  /** The column of all labels in the predictions of a model with several labels per image. */
  static final String LABELS = "labels";

  private static final ObjectReader READER =
      Json.mapper()
          .reader()
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

  private final Path file;
  private final BufferedReader reader;
  private final List<String> columns;
  private long line;

  private JsonLinesTable(Path file, BufferedReader reader, List<String> columns) {
    this.file = file;
    this.reader = reader;
    this.columns = columns;
  }

  static JsonLinesTable open(Path file) throws IOException {
    // A row may lack a column that later rows have, so all of them are read for the columns.
    Set<String> columns = new LinkedHashSet<>();
    try (JsonLinesTable all = new JsonLinesTable(file, TextFile.open(file), List.of())) {
      for (Optional<Row> row = all.next(); row.isPresent(); row = all.next()) {
        ((JsonRow) row.get()).object().fieldNames().forEachRemaining(columns::add);
      }
    }
    if (columns.isEmpty()) {
      throw new RetrainException("%s is empty; add rows.", file);
    }
    if (columns.contains("predictions")) {
      columns.add(BEST);
    }
    return new JsonLinesTable(file, TextFile.open(file), List.copyOf(columns));
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public Optional<Row> next() throws IOException {
    for (String text = reader.readLine(); text != null; text = reader.readLine()) {
      line++;
      if (!text.isBlank()) {
        return Optional.of(new JsonRow(file, line, parse(text)));
      }
    }
    return Optional.empty();
  }

  private JsonNode parse(String text) {
    JsonNode node;
    try {
      node = READER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new RetrainException(
          e,
          "%s, line %,d is not a JSON object (%s); write one object on each line.",
          file,
          line,
          e.getOriginalMessage().lines().findFirst().orElse("invalid JSON"));
    }
    if (!node.isObject()) {
      throw new RetrainException(
          "%s, line %,d is not a JSON object; write one object on each line.", file, line);
    }
    return node;
  }

  private record JsonRow(Path file, long line, JsonNode object) implements Row {
    @Override
    public Optional<String> cell(String column) {
      JsonNode value =
          column.equals(BEST) && !object.has(BEST)
              ? object.path("predictions").path(0).path("label")
              : object.path(column);
      if (value.isMissingNode() || value.isNull()) {
        return Optional.empty();
      }
      return Optional.of(text(column, value));
    }

    @Override
    public Optional<List<String>> cells(String column) {
      if (!object.path(column).isArray()) {
        return cell(column).map(List::of);
      }
      List<String> texts = new ArrayList<>();
      object.path(column).forEach(value -> texts.add(text(column, value)));
      return Optional.of(texts);
    }

    private String text(String column, JsonNode value) {
      if (value.isNull()) {
        return "";
      }
      if (!value.isValueNode()) {
        throw new RetrainException(
            "%s, line %,d: '%s' is %s; give one text or number.",
            file, line, column, value.isArray() ? "a list" : "an object");
      }
      return value.asText();
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
