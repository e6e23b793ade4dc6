package dev.retrain.fetch;

import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxies of downloads: those of Java's system properties ({@code https.proxyHost}, {@code
 * https.proxyPort}, {@code https.proxyUser}, {@code https.proxyPassword} and the same with {@code
 * http.}), otherwise those of the environment variables {@code https_proxy}, {@code http_proxy},
 * {@code all_proxy} and {@code no_proxy}, as curl reads them.
 */
final class ProxySettings {
  private static final Logger LOG = LoggerFactory.getLogger(ProxySettings.class);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

  /** Basic authentication is disabled for HTTPS by default, in this property. */
  private static final String DISABLED_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

  private final Map<String, String> environment;
  private final Properties properties;

  ProxySettings(Map<String, String> environment, Properties properties) {
    this.environment = environment;
    this.properties = properties;
  }

  static ProxySettings fromEnvironment() {
    return new ProxySettings(System.getenv(), System.getProperties());
  }

  /**
   * A proxy.
   *
   * @param address its host, which is resolved when it is used, and port
   * @param credentials the user name and password, if any
   */
  record HttpProxy(InetSocketAddress address, Optional<PasswordAuthentication> credentials) {}

  /**
   * A client that uses the proxies. It follows no redirects.
   *
   * @throws RetrainException if an environment variable is invalid
   */
  HttpClient client() {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT);
    Optional<HttpProxy> http = proxy("http");
    Optional<HttpProxy> https = proxy("https");
    if (!hasProperties()
        && (http.isEmpty() || https.isEmpty())
        && variable("all_proxy").filter(ProxySettings::isSocks).isPresent()) {
      LOG.warn("The SOCKS proxy of the environment variable all_proxy is not used.");
    }
    List<HttpProxy> withPassword =
        Stream.of(http, https)
            .flatMap(Optional::stream)
            .filter(proxy -> proxy.credentials().isPresent())
            .toList();
    if (!withPassword.isEmpty()) {
      if (properties.getProperty(DISABLED_SCHEMES) == null) {
        // Without this, Java ignores the password for HTTPS, and the proxy answers 407.
        System.setProperty(DISABLED_SCHEMES, "");
      }
      builder.authenticator(new ProxyAuthenticator(withPassword));
    }
    return builder.proxy(selector(http, https)).build();
  }

  private ProxySelector selector(Optional<HttpProxy> http, Optional<HttpProxy> https) {
    return hasProperties() || (http.isEmpty() && https.isEmpty())
        ? ProxySelector.getDefault()
        : new EnvironmentSelector(http, https, variable("no_proxy").orElse(""));
  }

  private boolean hasProperties() {
    return Boolean.parseBoolean(properties.getProperty("java.net.useSystemProxies"))
        || Stream.of("http.proxyHost", "https.proxyHost", "socksProxyHost")
            .anyMatch(name -> properties.getProperty(name) != null);
  }

  /** The proxy for a scheme, {@code http} or {@code https}. */
  Optional<HttpProxy> proxy(String scheme) {
    return hasProperties() ? fromProperties(scheme) : fromVariables(scheme);
  }

  private Optional<HttpProxy> fromProperties(String scheme) {
    String host = properties.getProperty(scheme + ".proxyHost");
    if (host == null) {
      return Optional.empty();
    }
    String port =
        properties.getProperty(scheme + ".proxyPort", scheme.equals("http") ? "80" : "443");
    String password = properties.getProperty(scheme + ".proxyPassword", "");
    return Optional.of(
        new HttpProxy(
            InetSocketAddress.createUnresolved(host, Integer.parseInt(port)),
            Optional.ofNullable(properties.getProperty(scheme + ".proxyUser"))
                .map(user -> new PasswordAuthentication(user, password.toCharArray()))));
  }

  private Optional<HttpProxy> fromVariables(String scheme) {
    for (String name : List.of(scheme + "_proxy", "all_proxy")) {
      Optional<String> value = variable(name);
      if (value.isPresent() && !(name.equals("all_proxy") && isSocks(value.get()))) {
        return Optional.of(parse(name, value.get()));
      }
    }
    return Optional.empty();
  }

  /** A variable in lower case, otherwise in upper case; absent if it is empty. */
  private Optional<String> variable(String name) {
    return Stream.of(name, name.toUpperCase(Locale.ROOT))
        // A web server sets HTTP_PROXY from a header of a request.
        .filter(each -> !each.equals("HTTP_PROXY"))
        .map(environment::get)
        .filter(value -> value != null && !value.isBlank())
        .map(String::strip)
        .findFirst();
  }

  /** Desktop proxy tools set all_proxy to a SOCKS proxy beside those for HTTP. */
  private static boolean isSocks(String value) {
    return value.matches("(?i)socks[45]?[ah]?://.*");
  }

  private static HttpProxy parse(String name, String value) {
    try {
      URI uri = new URI(value.contains("://") ? value : "http://" + value);
      if (uri.getHost() == null || !"http".equalsIgnoreCase(uri.getScheme())) {
        throw new URISyntaxException("", "no host, or not http");
      }
      return new HttpProxy(
          InetSocketAddress.createUnresolved(
              uri.getHost(), uri.getPort() == -1 ? 80 : uri.getPort()),
          Optional.ofNullable(uri.getRawUserInfo()).map(ProxySettings::credentials));
    } catch (URISyntaxException | IllegalArgumentException e) {
      // The message must not contain the value, which may have a password.
      throw new RetrainException(
          "The environment variable %s is not an address such as http://host:3128 or"
              + " http://user:password@host:3128. Write special characters of a password like %%40"
              + " for @.",
          name);
    }
  }

  private static PasswordAuthentication credentials(String userInfo) {
    int colon = userInfo.indexOf(':');
    return new PasswordAuthentication(
        decode(colon < 0 ? userInfo : userInfo.substring(0, colon)),
        decode(colon < 0 ? "" : userInfo.substring(colon + 1)).toCharArray());
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Gives a proxy, and only a proxy, its password. */
  private static final class ProxyAuthenticator extends Authenticator {
    private final List<HttpProxy> proxies;

    ProxyAuthenticator(List<HttpProxy> proxies) {
      this.proxies = proxies;
    }

    @Override
    protected PasswordAuthentication getPasswordAuthentication() {
      if (getRequestorType() != RequestorType.PROXY) {
        return null;
      }
      return proxies.stream()
          .filter(
              proxy ->
                  proxy.address().getPort() == getRequestingPort()
                      && proxy.address().getHostString().equalsIgnoreCase(getRequestingHost()))
          .findFirst()
          .flatMap(HttpProxy::credentials)
          .orElse(null);
    }
  }

  /** Chooses the proxy by the scheme of an address, unless no_proxy matches. */
  private static final class EnvironmentSelector extends ProxySelector {
    private final Optional<HttpProxy> http;
    private final Optional<HttpProxy> https;
    private final List<String> direct;

    EnvironmentSelector(Optional<HttpProxy> http, Optional<HttpProxy> https, String noProxy) {
      this.http = http;
      this.https = https;
      direct = List.of(noProxy.toLowerCase(Locale.ROOT).strip().split("[,\\s]+", -1));
    }

    @Override
    public List<Proxy> select(URI uri) {
      Optional<HttpProxy> proxy = "https".equalsIgnoreCase(uri.getScheme()) ? https : http;
      if (proxy.isEmpty() || isDirect(uri)) {
        return List.of(Proxy.NO_PROXY);
      }
      InetSocketAddress address = proxy.get().address();
      return List.of(
          new Proxy(
              Proxy.Type.HTTP, new InetSocketAddress(address.getHostString(), address.getPort())));
    }

    /** Matches a host, a domain with all its hosts, each with or without a port, or {@code *}. */
    private boolean isDirect(URI uri) {
      String host = unbracketed(uri.getHost().toLowerCase(Locale.ROOT));
      String port = ":" + port(uri);
      return direct.stream()
          .map(
              entry ->
                  entry.endsWith(port) && !entry.equals(host)
                      ? entry.substring(0, entry.length() - port.length())
                      : entry)
          .map(EnvironmentSelector::unbracketed)
          .map(entry -> entry.startsWith(".") ? entry.substring(1) : entry)
          .anyMatch(
              entry ->
                  entry.equals("*")
                      || (!entry.isEmpty() && (host.equals(entry) || host.endsWith("." + entry))));
    }

    private static int port(URI uri) {
      if (uri.getPort() != -1) {
        return uri.getPort();
      }
      return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    /** An IPv6 address has brackets in an address, but not always in no_proxy. */
    private static String unbracketed(String host) {
      return host.startsWith("[") && host.endsWith("]")
          ? host.substring(1, host.length() - 1)
          : host;
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {
      // The request reports it.
    }
  }
}
