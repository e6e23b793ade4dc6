package dev.retrain.fetch;

import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends GET requests, and follows redirects. A redirect is refused if it leads to another protocol
 * than HTTP, from HTTPS to HTTP, or in a circle.
 */
final class HttpRequests {
  /** How often a cancellation is checked. */
  static final Duration TICK = Duration.ofMillis(100);

  private static final int MAX_REDIRECTS = 10;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final HttpClient client;
  private final RetryPolicy policy;
  private final CancellationCheck cancellation;

  /** Throws an exception if the user has cancelled. */
  @FunctionalInterface
  interface CancellationCheck {
    void run() throws IOException;
  }

  HttpRequests(HttpClient client, RetryPolicy policy, CancellationCheck cancellation) {
    this.client = client;
    this.policy = policy;
    this.cancellation = cancellation;
  }

  /**
   * Sends a request.
   *
   * @param headers the headers of the request
   * @return the response to the last redirect; its body is not yet read
   * @throws ConnectionException if the connection fails or breaks
   * @throws RetrainException if a redirect is refused
   */
  HttpResponse<Flow.Publisher<List<ByteBuffer>>> get(URI uri, Map<String, String> headers)
      throws IOException, InterruptedException {
    Set<URI> visited = new HashSet<>();
    URI current = uri;
    while (true) {
      visited.add(current);
      HttpRequest.Builder request = HttpRequest.newBuilder(current).header("User-Agent", "retrain");
      headers.forEach(request::header);
      HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = send(request.build());
      if (!REDIRECTS.contains(response.statusCode())) {
        return response;
      }
      new ResponseReader(response.body()).close();
      current = target(uri, current, response.headers().firstValue("Location").orElse(""));
      if (visited.contains(current)) {
        throw new RetrainException("%s has a redirect loop through %s.", uri, current);
      }
      if (visited.size() > MAX_REDIRECTS) {
        throw new RetrainException("%s redirects more than %d times.", uri, MAX_REDIRECTS);
      }
    }
  }

  /**
   * The address that a redirect leads to.
   *
   * @param first the address of the file, for messages
   * @param from the address that answered with the redirect
   * @param location the header Location
   * @throws RetrainException if the redirect is refused
   */
  static URI target(URI first, URI from, String location) {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new RetrainException(
          e, "%s redirects to '%s', which is not a valid URL.", first, location);
    }
    String scheme = String.valueOf(to.getScheme());
    boolean http = scheme.equalsIgnoreCase("http");
    if (location.isEmpty() || to.getHost() == null) {
      throw new RetrainException(
          "%s redirects to '%s', which is not a valid URL.", first, location);
    }
    if (!http && !scheme.equalsIgnoreCase("https")) {
      throw new RetrainException(
          "%s redirects to %s; only redirects to https: and http: are followed.", first, to);
    }
    if (http && from.getScheme().equalsIgnoreCase("https")) {
      throw new RetrainException(
          "%s redirects from https to %s, which is not encrypted; the redirect is not followed.",
          first, to);
    }
    return to;
  }

  private HttpResponse<Flow.Publisher<List<ByteBuffer>>> send(HttpRequest request)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> response =
        client.sendAsync(request, BodyHandlers.ofPublisher());
    ThroughputGuard guard = new ThroughputGuard(policy);
    try {
      while (true) {
        try {
          return response.get(TICK.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          cancellation.run();
          guard.advance(0);
        }
      }
    } catch (ExecutionException e) {
      throw new ConnectionException(e.getCause());
    } finally {
      // Has no effect if the response has been received.
      response.cancel(true);
    }
  }
}
