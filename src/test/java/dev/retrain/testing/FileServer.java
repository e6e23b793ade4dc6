package dev.retrain.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A local web server that serves files, correctly or not, and records requests. */
public final class FileServer implements AutoCloseable {
  /**
   * A request.
   *
   * @param target the target in the request line
   * @param range the header Range
   * @param ifRange the header If-Range
   * @param status the response's status
   * @param sent number of bytes sent of the response's body
   */
  public record Request(
      String target, Optional<String> range, Optional<String> ifRange, int status, long sent) {}

  /** How the server responds. */
  public enum Manner {
    /** Correctly. */
    GOOD,
    /** Ignores ranges. */
    WITHOUT_RANGES,
    /** Ignores If-Range. */
    CARELESS,
    /** Sends no Content-Length. */
    WITHOUT_LENGTH,
    /** Stops sending without closing the connection. */
    STALLING
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch end = new CountDownLatch(1);
  private final Map<String, byte[]> contents = new HashMap<>();
  private final Map<String, Map<String, String>> headers = new HashMap<>();
  private final Map<String, String> redirections = new HashMap<>();
  private final Queue<Integer> cuts = new ArrayDeque<>();
  private final List<Request> requests = new ArrayList<>();
  private Manner manner = Manner.GOOD;
  private int failure;

  /** Starts the server. */
  public FileServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  /** The server's port. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** The URI of a path on the server. */
  public URI uri(String path) {
    return URI.create(
        "http://%s:%d%s".formatted(server.getAddress().getHostString(), port(), path));
  }

  /** Adds or replaces a file. */
  public synchronized URI put(String path, byte[] content, Map<String, String> headers) {
    contents.put(path, content);
    this.headers.put(path, headers);
    return uri(path);
  }

  /** Redirects a path to another. */
  public synchronized URI redirect(String path, String to) {
    redirections.put(path, to);
    return uri(path);
  }

  /** Breaks each of the next connections after a number of bytes of the body. */
  public synchronized void cutAfter(Integer... bytes) {
    cuts.addAll(List.of(bytes));
  }

  /** Sets how the server responds from now on. */
  public synchronized void manner(Manner newManner) {
    manner = newManner;
  }

  /** Responds to all requests with this status from now on. */
  public synchronized void fail(int status) {
    failure = status;
  }

  /** All requests so far. */
  public synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String target = exchange.getRequestURI().toString();
      String path = exchange.getRequestURI().getPath();
      Optional<String> range = header(exchange, "Range");
      Optional<String> ifRange = header(exchange, "If-Range");
      int status = statusOf(path, range, ifRange);
      byte[] body = body(path, status, range, exchange);
      int length;
      synchronized (this) {
        Integer cut = status == 200 || status == 206 ? cuts.poll() : null;
        length = cut == null ? body.length : Math.min(cut, body.length);
        requests.add(new Request(target, range, ifRange, status, length));
      }
      exchange.sendResponseHeaders(
          status, body.length == 0 ? -1 : manner == Manner.WITHOUT_LENGTH ? 0 : body.length);
      OutputStream out = exchange.getResponseBody();
      out.write(body, 0, length);
      out.flush();
      if (length == body.length) {
        out.close();
      } else if (manner == Manner.STALLING) {
        end.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<String> header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  private synchronized int statusOf(String path, Optional<String> range, Optional<String> ifRange) {
    if (failure != 0) {
      return failure;
    }
    if (redirections.containsKey(path)) {
      return 302;
    }
    if (!contents.containsKey(path)) {
      return 404;
    }
    if (range.isEmpty() || manner == Manner.WITHOUT_RANGES) {
      return 200;
    }
    if (manner != Manner.CARELESS && !headers.get(path).containsValue(ifRange.orElse("none"))) {
      return 200;
    }
    return start(range.get()) < contents.get(path).length ? 206 : 416;
  }

  private synchronized byte[] body(
      String path, int status, Optional<String> range, HttpExchange exchange) {
    if (status == 302) {
      exchange.getResponseHeaders().set("Location", redirections.get(path));
    }
    if (status != 200 && status != 206) {
      return new byte[0];
    }
    headers.get(path).forEach(exchange.getResponseHeaders()::set);
    byte[] content = contents.get(path);
    if (status == 200) {
      return content;
    }
    int start = start(range.orElseThrow());
    exchange
        .getResponseHeaders()
        .set(
            "Content-Range", "bytes %d-%d/%d".formatted(start, content.length - 1, content.length));
    return Arrays.copyOfRange(content, start, content.length);
  }

  private static int start(String range) {
    return Integer.parseInt(range.replaceFirst("bytes=([0-9]+)-", "$1"));
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
