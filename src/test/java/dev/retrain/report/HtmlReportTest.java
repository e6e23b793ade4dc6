package dev.retrain.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.report.data.ReportData;
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
  void namesAreEscaped() throws IOException {
    String html = new String(HtmlReport.render(SampleReport.data()), StandardCharsets.UTF_8);

    assertThat(html)
        .doesNotContain("<img src=x", "<script>alert", "<b>markup</b>")
        .contains("&lt;img src=x onerror=alert(1)&gt;")
        .contains("Löwenzahn 蒲公英");
    // Two scripts: the data and the code.
    assertThat(all("<script[ >]", html)).hasSize(2);
    assertThat(all("</script>", html)).hasSize(2);
    assertThat(all("<!--", html)).isEmpty();
  }

  @Test
  void scriptDataMatchesTheReport() throws IOException {
    ReportData report = SampleReport.data();
    String html = new String(HtmlReport.render(report), StandardCharsets.UTF_8);

    String json = html.replaceFirst("(?s).*<script type=\"application/json\" id=\"data\">", "");
    JsonNode data = new ObjectMapper().readTree(json.substring(0, json.indexOf("</script>")));

    assertThat(data.at("/images/0/name").asText()).isEqualTo(SampleReport.HOSTILE_FILE);
    assertThat(data.at("/curves/iteration")).hasSize(60);
    assertThat(data.at("/curves/best").asInt()).isEqualTo(44);
    assertThat(data.at("/images")).hasSize(report.evaluation().examples().images().size());
    assertThat(data.at("/images/0/jpeg").isMissingNode())
        .as("the gallery's image is on the page only once")
        .isTrue();
  }

  @Test
  void chartLibraryLicenseIsIncluded() throws IOException {
    assertThat(new String(HtmlReport.render(SampleReport.data()), StandardCharsets.UTF_8))
        .contains("leeoniya/uPlot", "The MIT License", "Permission is hereby granted");
  }

  @Test
  void browserRendersTheReportAndItsControlsWork() throws IOException {
    PythonClient python = PythonClient.require();
    Path chromium = Chromium.require();
    Path file = directory.resolve("report.html");
    Files.write(file, HtmlReport.render(SampleReport.data()));

    JsonNode result = python.run("open_report.py", chromium, file);

    assertThat(texts(result.at("/observed/console"))).isEmpty();
    assertThat(texts(result.at("/observed/dialogs"))).isEmpty();
    assertThat(texts(result.at("/observed/requests"))).isEmpty();
    for (String view :
        List.of("phone_light", "phone_dark", "desktop_light", "desktop_dark", "interaction")) {
      assertThat(texts(result.at("/" + view + "/axe"))).as(view).isEmpty();
    }
    for (String view : List.of("desktop_light", "desktop_dark")) {
      assertThat(result.at("/" + view + "/contrasts"))
          .as(
              "contrast of the text on each shade, %s: %s",
              view, result.at("/" + view + "/contrasts"))
          .extracting(JsonNode::asDouble)
          .hasSize(20)
          .allMatch(contrast -> contrast >= 4.5);
    }
    assertThat(result.at("/phone_light/page_width").asInt()).isEqualTo(390);
    assertThat(result.at("/desktop_dark/page_width").asInt()).isEqualTo(1280);
    assertThat(result.at("/desktop_light/background").asText()).isEqualTo("rgb(250, 249, 247)");
    assertThat(result.at("/desktop_dark/background").asText()).isEqualTo("rgb(19, 21, 25)");
    checkInteraction(result.get("interaction"));
    assertThat(result.at("/policy/injected").asBoolean()).isFalse();
    assertThat(texts(result.at("/policy/blocked")))
        .containsExactlyInAnyOrder("script-src-elem", "connect-src", "img-src");
  }

  private static void checkInteraction(JsonNode result) throws IOException {
    List<String> labels = SampleReport.LABELS;
    long[][] counts = SampleReport.data().evaluation().metrics().confusion().rows();
    assertThat(texts(result.get("row_heads"))).isEqualTo(labels);
    assertThat(result.get("elements_of_names").asInt()).isZero();
    assertThat(result.get("scripts").asInt()).isEqualTo(2);

    assertThat(result.at("/start").asText()).isEqualTo("Most confused classes");
    assertThat(result.at("/back").asText()).isEqualTo("Most confused classes");
    assertThat(result.at("/clicked/title").asText())
        .isEqualTo(
            "%d images of %s predicted as %s"
                .formatted(counts[0][1], labels.get(0), labels.get(1)));
    assertThat(result.at("/clicked/images").asLong()).isEqualTo(counts[0][1]);
    assertThat(result.at("/clicked/loaded").asLong()).isEqualTo(counts[0][1]);
    assertThat(result.at("/clicked/names/0").asText()).isEqualTo(SampleReport.HOSTILE_FILE);

    assertThat(result.at("/focused").asText())
        .isEqualTo("%d images of %s predicted correctly".formatted(counts[1][1], labels.get(1)));
    assertThat(result.at("/entered/title").asText()).isEqualTo(result.at("/focused").asText());
    assertThat(result.at("/entered/images").asInt()).isEqualTo(40);
    assertThat(result.at("/entered/note").asText())
        .isEqualTo("40 of %d, least confident first".formatted(counts[1][1]));
    assertThat(result.at("/outline").asText()).isEqualTo("solid");
    assertThat(result.at("/tab_stops").asInt()).isEqualTo(1);

    assertThat(result.at("/reading").asText()).startsWith("450 (best): training ");
    assertThat(result.at("/reading_at_home").asText())
        .startsWith("10: training 31.7%, loss 2.100;");
    assertThat(result.at("/reading_at_hover").asText()).startsWith("600: training ");
    assertThat(result.at("/f1_ascending"))
        .extracting(JsonNode::asDouble)
        .isSorted()
        .hasSize(labels.size());
  }

  @Test
  void writtenReportsAreRecognized() throws IOException {
    Path report = directory.resolve("report.html");
    Files.write(report, HtmlReport.render(SampleReport.data()));
    Path other = directory.resolve("other.html");
    Files.writeString(other, "<!doctype html><title>retrain</title>" + " ".repeat(10_000));

    assertThat(HtmlReport.isReport(report)).isTrue();
    assertThat(HtmlReport.isReport(other)).isFalse();
  }

  private static List<String> all(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(MatchResult::group).toList();
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
