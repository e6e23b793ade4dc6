package dev.retrain.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proxies of the environment and of Java's properties, with passwords. */
class ProxySettingsTest {
  private static final String AUTHORIZATION =
      "Proxy-Authorization: Basic "
          + Base64.getEncoder().encodeToString("me:p@ss:word".getBytes(StandardCharsets.UTF_8));

  private static final String ASKS =
      String.join(
          "\r\n",
          "HTTP/1.1 407 Proxy Authentication Required",
          "Proxy-Authenticate: Basic realm=\"x\"",
          "Content-Length: 0",
          "Connection: close",
          "",
          "");

  @TempDir private Path directory;

  private static ProxySettings environment(String... variables) {
    Map<String, String> environment = new HashMap<>();
    for (String variable : variables) {
      int equals = variable.indexOf('=');
      environment.put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    return new ProxySettings(environment, new Properties());
  }

  /** The proxy for an address as {@code host:port}, or {@code direct}. */
  private static String chosen(ProxySettings settings, String uri) {
    Proxy proxy = settings.client().proxy().orElseThrow().select(URI.create(uri)).get(0);
    return proxy.type() == Proxy.Type.DIRECT
        ? "direct"
        : proxy.address().toString().replaceFirst(".*/(<unresolved>)?", "");
  }

  @ParameterizedTest
  @CsvSource({
    "https_proxy=http://10.0.0.1:3128, https://a.example/x, 10.0.0.1:3128",
    "HTTPS_PROXY=http://10.0.0.1:3128, https://a.example/x, 10.0.0.1:3128",
    "https_proxy=10.0.0.1:3128, https://a.example/x, 10.0.0.1:3128",
    "https_proxy=http://10.0.0.1, https://a.example/x, 10.0.0.1:80",
    "https_proxy=http://10.0.0.1:3128, http://a.example/x, direct",
    "http_proxy=http://10.0.0.1:3128, http://a.example/x, 10.0.0.1:3128",
    "HTTP_PROXY=http://10.0.0.1:3128, http://a.example/x, direct",
    "all_proxy=http://10.0.0.1:3128, https://a.example/x, 10.0.0.1:3128",
    "https_proxy=, https://a.example/x, direct",
    "all_proxy=socks5://10.0.0.1:1080, https://a.example/x, direct",
  })
  void proxyIsChosenByScheme(String variable, String uri, String expected) {
    assertThat(chosen(environment(variable), uri)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "a.example, direct",
    ".example, direct",
    "example, direct",
    "'b.example, a.example', direct",
    "b.example a.example, direct",
    "A.EXAMPLE, direct",
    "a.example:8443, direct",
    "a.example:443, 10.0.0.1:3128",
    "*, direct",
    "b.example, 10.0.0.1:3128",
    "xample, 10.0.0.1:3128",
    "'', 10.0.0.1:3128",
  })
  void noProxyNamesHostsAndDomains(String noProxy, String expected) {
    assertThat(
            chosen(
                environment("https_proxy=http://10.0.0.1:3128", "no_proxy=" + noProxy),
                "https://a.example:8443/x"))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example/x, a.example:443, direct",
    "https://a.example/x, a.example:80, 10.0.0.1:3128",
    "https://[2001:db8::1]/x, 2001:db8::1, direct",
    "https://[2001:db8::1]:8443/x, [2001:db8::1]:8443, direct",
  })
  void noProxyNamesPortsAndAddresses(String uri, String noProxy, String expected) {
    assertThat(chosen(environment("https_proxy=http://10.0.0.1:3128", "no_proxy=" + noProxy), uri))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socks5://me:secret@h:1",
        "http://",
        "http://me:sec ret@h:1",
        "https://me:secret@h",
        "http://me:secret%zz@h:1"
      })
  void invalidVariableIsReportedWithoutPassword(String value) {
    assertThatThrownBy(() -> environment("https_proxy=" + value).client())
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("https_proxy is not an address such as http://host:3128")
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }

  private void fetch(ProxySettings settings, String uri) throws IOException {
    new Downloader(settings.client(), RetryPolicy.DEFAULT, "Or else.")
        .fetch(
            new RemoteFile("x", URI.create(uri), OptionalLong.empty(), Optional.empty()),
            directory.resolve("x"),
            Progress.NONE);
  }

  @Test
  void passwordIsSentToTheProxyThatAsksForIt() throws IOException {
    try (ScriptedServer proxy =
        new ScriptedServer(
            List.of(
                ASKS, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"))) {
      fetch(
          environment("http_proxy=http://me:p%40ss:word@127.0.0.1:" + proxy.port()),
          "http://models.invalid/x");
      assertThat(directory.resolve("x")).hasContent("abc");
      assertThat(proxy.requests()).hasSize(2);
      assertThat(proxy.requests().get(0))
          .startsWith("GET http://models.invalid/x ")
          .doesNotContain("Authorization");
      assertThat(proxy.requests().get(1)).contains(AUTHORIZATION);
    }
  }

  @Test
  void missingPasswordIsReported() throws IOException {
    try (ScriptedServer proxy = new ScriptedServer(List.of(ASKS))) {
      assertThatThrownBy(
              () ->
                  fetch(
                      environment("http_proxy=http://127.0.0.1:" + proxy.port()),
                      "http://models.invalid/x"))
          .isInstanceOf(RetrainException.class)
          .hasMessageContainingAll(
              "http://models.invalid/x", "status 407", "requires a user name and a password");
    }
  }

  @Test
  void wrongPasswordIsReportedButNotShown() throws IOException {
    try (ScriptedServer proxy = new ScriptedServer(List.of(ASKS))) {
      assertThatThrownBy(
              () ->
                  fetch(
                      environment("http_proxy=http://me:secret@127.0.0.1:" + proxy.port()),
                      "http://models.invalid/x"))
          .isInstanceOf(RetrainException.class)
          .hasMessageContainingAll("http://models.invalid/x", "does not accept the user name")
          .hasMessageNotContaining("secret");
    }
  }

  /** Downloads over HTTPS with the proxies of the process. */
  public static final class Tunnel {
    private Tunnel() {}

    public static void main(String[] arguments) throws IOException {
      new Downloader()
          .fetch(
              new RemoteFile(
                  "x",
                  URI.create("https://models.invalid/x"),
                  OptionalLong.empty(),
                  Optional.empty()),
              Path.of(arguments[0]),
              Progress.NONE);
    }
  }

  // Java reads once in a process whether Basic authentication is allowed for HTTPS.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void passwordIsSentForHttps(boolean variable) throws Exception {
    try (ScriptedServer proxy = new ScriptedServer(List.of(ASKS, ""))) {
      ProcessBuilder child =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              System.getProperty("java.class.path"));
      child
          .environment()
          .keySet()
          .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
      if (variable) {
        child.environment().put("https_proxy", "http://me:p%40ss:word@127.0.0.1:" + proxy.port());
      } else {
        child
            .command()
            .addAll(
                List.of(
                    "-Dhttps.proxyHost=127.0.0.1",
                    "-Dhttps.proxyPort=" + proxy.port(),
                    "-Dhttps.proxyUser=me",
                    "-Dhttps.proxyPassword=p@ss:word"));
      }
      child.command().addAll(List.of(Tunnel.class.getName(), directory.resolve("x").toString()));
      Process process =
          child.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile()).start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
      assertThat(proxy.requests())
          // Java tries a connection that closes once more.
          .hasSizeGreaterThanOrEqualTo(2)
          .allSatisfy(request -> assertThat(request).startsWith("CONNECT models.invalid:443 "));
      assertThat(proxy.requests().get(1)).contains(AUTHORIZATION);
    }
  }
}
