package dev.retrain.report;

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
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/**
 * Makes a report one HTML page that needs nothing else: style, script, chart library and images are
 * in it, and its policy lets it load nothing and run no script but its own.
 *
 * <p>The template, {@code report.html}, escapes whatever it is given.
 */
public final class HtmlReport {
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/";

  private HtmlReport() {}

  /**
   * What the template puts into the page unescaped, being code of ours or JSON made for it.
   *
   * @param policy the Content-Security-Policy
   * @param style the style sheet
   * @param script the script
   * @param data JSON for the script
   */
  record Page(String policy, String style, String script, String data) {}

  /**
   * Makes the page.
   *
   * @param data what it tells
   * @return the HTML file's bytes, in UTF-8
   */
  public static byte[] html(ReportData data) {
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
          .getTemplate("dev/retrain/report/report.html")
          .evaluate(html, Map.of("page", page(data), "view", ReportView.of(data)));
      return html.toString().getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // All it reads is in the jar.
    }
  }

  private static Page page(ReportData data) throws IOException {
    String version = BuildInfo.get("uplot");
    String style = text(UPLOT + version + "/dist/uPlot.min.css") + "\n" + text("report.css");
    String script =
        "/*\n%s*/\n%s\n%s"
            .formatted(
                text(UPLOT + version + "/LICENSE"),
                text(UPLOT + version + "/dist/uPlot.iife.min.js"),
                text("report.js"));
    String policy =
        "default-src 'none'; img-src data:; style-src %s; script-src %s; base-uri 'none'; form-action 'none'"
            .formatted(hash(style), hash(script));
    return new Page(policy, style, script, ScriptData.json(data));
  }

  private static String text(String resource) throws IOException {
    try (InputStream in = HtmlReport.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing in the jar");
      }
      // As the browser will see it when it checks the hash.
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    }
  }

  private static String hash(String text) {
    byte[] digest = Sha256.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return "'sha256-%s'".formatted(Base64.getEncoder().encodeToString(digest));
  }
}
