package dev.retrain.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.retrain.cli.Cli;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers with certificates that Java does not accept; keytool makes the certificates. */
class CertificateTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private static Path directory;
  private HttpsServer server;

  @BeforeAll
  static void makeCertificates() throws Exception {
    String localhost = "-ext san=ip:127.0.0.1,dns:localhost";
    key("self.p12", localhost + " -validity 10");
    key("authority.p12", "-ext bc:c -validity 1000 -startdate -100d");
    keytool("authority.p12", "-exportcert -rfc -file DIR/authority.pem");
    keytool("trusted.p12", "-importcert -noprompt -file DIR/authority.pem");
    signed("good.p12", localhost + " -validity 10");
    signed("expired.p12", localhost + " -startdate -20d -validity 10");
    signed("future.p12", localhost + " -startdate +10d -validity 10");
    signed("other.p12", "-ext san=dns:example.org -validity 10");
  }

  private static void key(String store, String options) throws Exception {
    keytool(store, "-genkeypair -keyalg EC -dname CN=" + store + " " + options);
  }

  private static void signed(String store, String options) throws Exception {
    key(store, "-validity 10");
    keytool(store, "-certreq -file DIR/request.csr");
    keytool("authority.p12", "-gencert -infile DIR/request.csr -outfile DIR/signed.crt " + options);
    // The chain.
    keytool(store, "-importcert -noprompt -alias authority -file DIR/authority.pem");
    keytool(store, "-importcert -noprompt -file DIR/signed.crt");
  }

  private static void keytool(String store, String command) throws Exception {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    words.addAll(List.of(command.replace("DIR", directory.toString()).split(" ", -1)));
    words.addAll(
        List.of(
            "-keystore",
            directory.resolve(store).toString(),
            "-storepass",
            new String(PASSWORD),
            "-storetype",
            "PKCS12"));
    if (!words.contains("-alias")) {
      words.addAll(List.of("-alias", "mykey"));
    }
    Process process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    assertThat(process.waitFor())
        .as(() -> words + ": " + Arrays.toString(directory.toFile().list()))
        .isZero();
  }

  private static KeyStore store(String name) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(directory.resolve(name))) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  /** Serves a file; returns its address. */
  private String serve(String certificate) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store(certificate), PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 4);
          exchange
              .getResponseBody()
              .write("text".getBytes(java.nio.charset.StandardCharsets.UTF_8));
          exchange.close();
        });
    server.start();
    return "https://127.0.0.1:%d/cifar.tar.gz".formatted(server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Cli download(String uri, boolean trusting) throws Exception {
    SSLContext before = SSLContext.getDefault();
    try {
      if (trusting) {
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store("trusted.p12"));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLContext.setDefault(context);
      }
      Path to = Files.createTempDirectory(directory, "to");
      return Cli.run(
          "download",
          "--url",
          uri,
          "--sha256",
          "0".repeat(64),
          "--download-dir",
          to,
          "--data-dir",
          to.resolve("data"),
          "-q");
    } finally {
      SSLContext.setDefault(before);
    }
  }

  private void assertRefused(String certificate, boolean trusting, String... parts)
      throws Exception {
    String uri = serve(certificate);
    Cli cli = download(uri, trusting);
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err())
        .hasLineCount(1)
        .startsWith("retrain: Can't connect to " + uri + ": ")
        .contains(parts)
        .doesNotContain("Exception", "PKIX", "sun.security");
  }

  @Test
  void selfSigned() throws Exception {
    assertRefused("self.p12", false, "self-signed", "keytool -importcert", "trustStore");
  }

  @Test
  void unknownAuthority() throws Exception {
    assertRefused("good.p12", false, "an authority that Java does not know");
  }

  @Test
  void expired() throws Exception {
    assertRefused("expired.p12", true, "has expired", "clock");
  }

  @Test
  void notYetValid() throws Exception {
    assertRefused("future.p12", true, "is not valid yet", "clock");
  }

  @Test
  void otherHost() throws Exception {
    assertRefused("other.p12", true, "is for another host name");
  }

  /** The test's own certificates are all right: the file arrives, but is not the published one. */
  @Test
  void trustedCertificateIsAccepted() throws Exception {
    Cli cli = download(serve("good.p12"), true);
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("SHA-256").doesNotContain("certificate");
  }
}
