package dev.retrain.report.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * JSON that can stand inside any HTML element: it contains neither {@code </script>} nor {@code
 * <!--}.
 */
final class HtmlSafeJson {
  private static final ObjectMapper MAPPER = mapper();

  private HtmlSafeJson() {}

  /**
   * @param value a record of numbers and texts
   * @return the value with keys in snake case
   */
  static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static ObjectMapper mapper() {
    ObjectMapper mapper =
        JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
    mapper.getFactory().setCharacterEscapes(new MarkupEscapes());
    return mapper;
  }

  private static final class MarkupEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = CharacterEscapes.standardAsciiEscapesForJSON();
      codes['<'] = CharacterEscapes.ESCAPE_STANDARD;
      codes['>'] = CharacterEscapes.ESCAPE_STANDARD;
      codes['&'] = CharacterEscapes.ESCAPE_STANDARD;
      return codes;
    }

    @Override
    public SerializableString getEscapeSequence(int character) {
      return null;
    }
  }
}
