package dev.retrain.report;

import dev.retrain.report.data.ReportData;
import dev.retrain.report.multilabel.MultiLabelView;
import dev.retrain.report.view.ReportView;
import dev.retrain.report.view.ScriptData;
import dev.retrain.util.BuildInfo;
import dev.retrain.util.io.Sha256;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/**
 * Renders a report as one self-contained HTML page: it includes the style sheet, the script, the
 * chart library and the images. Its Content-Security-Policy forbids it to load anything and to run
 * any other script.
 *
 * <p>The template, {@code report.html}, escapes all values.
 */
public final class HtmlReport {
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/";

  /** Near the start of every report, since the first version that wrote reports. */
  private static final String GENERATOR = "<meta name=\"generator\" content=\"retrain\">";

  private static final int HEAD_BYTES = 4096;

  private HtmlReport() {}

  /**
   * What the template places on the page without escaping.
   *
   * @param policy the Content-Security-Policy
   * @param style the style sheet
   * @param script the script
   * @param data JSON for the script, safe inside an HTML element
   */
  record Page(String policy, String style, String script, String data) {}

  /**
   * Renders the page.
   *
   * @param data the content
   * @return the HTML file in UTF-8
   */
  public static byte[] render(ReportData data) {
    return render("report.html", page(script(), ScriptData.json(data)), ReportView.from(data));
  }

  /**
   * Renders the page of a model that gives an image any number of labels; it needs no script.
   *
   * @param view the content
   * @return the HTML file in UTF-8
   */
  static byte[] render(MultiLabelView view) {
    return render("multilabel.html", page("", "{}"), view);
  }

  private static byte[] render(String template, Page page, Object view) {
    PebbleEngine engine =
        new PebbleEngine.Builder()
            .loader(new ClasspathLoader(HtmlReport.class.getClassLoader()))
            .strictVariables(true)
            .autoEscaping(true)
            .defaultLocale(Locale.ROOT)
            .cacheActive(false)
            .build();
    try {
      Writer html = new StringWriter();
      engine
          .getTemplate("dev/retrain/report/" + template)
          .evaluate(html, Map.of("page", page, "view", view));
      return html.toString().getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // It reads resources of the jar only.
    }
  }

  /**
   * Whether a file is a report that this class rendered.
   *
   * @param file an existing file
   * @throws IOException if the file can't be read
   */
  public static boolean isReport(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      String head = new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1);
      return head.contains(GENERATOR);
    }
  }

  private static String script() {
    return "/*\n%s*/\n%s\n%s"
        .formatted(
            resource(uplot() + "/LICENSE"),
            resource(uplot() + "/dist/uPlot.iife.min.js"),
            resource("report.js"));
  }

  private static String uplot() {
    return UPLOT + BuildInfo.get("uplot");
  }

  private static Page page(String script, String data) {
    String style = resource(uplot() + "/dist/uPlot.min.css") + "\n" + resource("report.css");
    String policy =
        "default-src 'none'; img-src data:; style-src %s; script-src %s; base-uri 'none'; form-action 'none'"
            .formatted(hash(style), script.isEmpty() ? "'none'" : hash(script));
    return new Page(policy, style, script, data);
  }

  private static String resource(String resource) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from the jar");
      }
      // The browser normalizes line ends before it checks the hash.
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(String text) {
    byte[] digest = Sha256.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return "'sha256-%s'".formatted(Base64.getEncoder().encodeToString(digest));
  }
}
