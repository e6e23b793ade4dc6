package dev.retrain.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.testing.Chromium;
import dev.retrain.testing.PythonClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
  @TempDir Path directory;

  @Test
  void namesAreTextWhateverTheyHold() throws IOException {
    String html = new String(HtmlReport.html(SampleReport.data()), StandardCharsets.UTF_8);

    assertThat(html)
        .doesNotContain("<img src=x", "<script>alert", "<b>markup</b>")
        .contains("&lt;img src=x onerror=alert(1)&gt;")
        .contains("Löwenzahn 蒲公英");
    // Style aside, two scripts: the data, and ours.
    assertThat(all("<script[ >]", html)).hasSize(2);
    assertThat(all("</script>", html)).hasSize(2);
    assertThat(all("<!--", html)).isEmpty();
  }

  @Test
  void theScriptsDataAreThoseOfTheReport() throws IOException {
    ReportData report = SampleReport.data();
    String html = new String(HtmlReport.html(report), StandardCharsets.UTF_8);

    String json = html.replaceFirst("(?s).*<script type=\"application/json\" id=\"data\">", "");
    JsonNode data = new ObjectMapper().readTree(json.substring(0, json.indexOf("</script>")));

    assertThat(data.at("/images/0/name").asText()).isEqualTo(SampleReport.HOSTILE_FILE);
    assertThat(data.at("/course/iteration")).hasSize(60);
    assertThat(data.at("/course/best").asInt()).isEqualTo(44);
    assertThat(data.at("/images")).hasSize(report.images().images().size());
    assertThat(data.at("/images/0/jpeg").isMissingNode())
        .as("an image of the gallery is in the page once")
        .isTrue();
  }

  @Test
  void aChartLibrarysLicenceGoesWithIt() throws IOException {
    assertThat(new String(HtmlReport.html(SampleReport.data()), StandardCharsets.UTF_8))
        .contains("leeoniya/uPlot", "The MIT License", "Permission is hereby granted");
  }

  @Test
  void aBrowserShowsItAndLetsItBeUsed() throws IOException {
    PythonClient python = PythonClient.require();
    Path chromium = Chromium.require();
    Path file = directory.resolve("report.html");
    Files.write(file, HtmlReport.html(SampleReport.data()));

    JsonNode seen = python.run("open_report.py", chromium, file);

    assertThat(texts(seen.at("/seen/console"))).isEmpty();
    assertThat(texts(seen.at("/seen/dialogs"))).isEmpty();
    assertThat(texts(seen.at("/seen/requests"))).isEmpty();
    for (String look :
        List.of("phone_light", "phone_dark", "desktop_light", "desktop_dark", "used")) {
      assertThat(texts(seen.at("/" + look + "/axe"))).as(look).isEmpty();
    }
    for (String look : List.of("desktop_light", "desktop_dark")) {
      assertThat(seen.at("/" + look + "/contrasts"))
          .as("contrast of each shade's number, %s: %s", look, seen.at("/" + look + "/contrasts"))
          .extracting(JsonNode::asDouble)
          .hasSize(20)
          .allMatch(contrast -> contrast >= 4.5);
    }
    assertThat(seen.at("/phone_light/page_width").asInt()).isEqualTo(390);
    assertThat(seen.at("/desktop_dark/page_width").asInt()).isEqualTo(1280);
    assertThat(seen.at("/desktop_light/background").asText()).isEqualTo("rgb(250, 249, 247)");
    assertThat(seen.at("/desktop_dark/background").asText()).isEqualTo("rgb(19, 21, 25)");
    checkUsed(seen.get("used"));
    assertThat(seen.at("/policy/smuggled").asBoolean()).isFalse();
    assertThat(texts(seen.at("/policy/stopped")))
        .containsExactlyInAnyOrder("script-src-elem", "connect-src", "img-src");
  }

  private static void checkUsed(JsonNode used) throws IOException {
    List<String> labels = SampleReport.LABELS;
    long[][] counts = SampleReport.data().metrics().confusion().rows();
    assertThat(texts(used.get("row_heads"))).isEqualTo(labels);
    assertThat(used.get("elements_of_names").asInt()).isZero();
    assertThat(used.get("scripts").asInt()).isEqualTo(2);

    assertThat(used.at("/start").asText()).isEqualTo("Confused most often");
    assertThat(used.at("/back").asText()).isEqualTo("Confused most often");
    assertThat(used.at("/clicked/title").asText())
        .isEqualTo(
            "%d images of %s taken for %s".formatted(counts[0][1], labels.get(0), labels.get(1)));
    assertThat(used.at("/clicked/images").asLong()).isEqualTo(counts[0][1]);
    assertThat(used.at("/clicked/loaded").asLong()).isEqualTo(counts[0][1]);
    assertThat(used.at("/clicked/names/0").asText()).isEqualTo(SampleReport.HOSTILE_FILE);

    assertThat(used.at("/focused").asText())
        .isEqualTo("%d images of %s told right".formatted(counts[1][1], labels.get(1)));
    assertThat(used.at("/entered/title").asText()).isEqualTo(used.at("/focused").asText());
    assertThat(used.at("/entered/images").asInt()).isEqualTo(40);
    assertThat(used.at("/entered/note").asText())
        .isEqualTo("40 of %d, the least sure first".formatted(counts[1][1]));
    assertThat(used.at("/outline").asText()).isEqualTo("solid");
    assertThat(used.at("/tab_stops").asInt()).isEqualTo(1);

    assertThat(used.at("/reading").asText()).startsWith("450 (kept): training ");
    assertThat(used.at("/reading_at_home").asText())
        .startsWith("10: training 31.7\u00a0%, loss 2.100;");
    assertThat(used.at("/reading_at_hover").asText()).startsWith("600: training ");
    assertThat(used.at("/f1_ascending"))
        .extracting(JsonNode::asDouble)
        .isSorted()
        .hasSize(labels.size());
  }

  private static List<String> all(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(MatchResult::group).toList();
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
