package dev.retrain.fetch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * A server that sends given bytes, whatever is requested: one response a connection, the last one
 * again and again. At the end of a response, {@code stall} keeps the connection open, and {@code
 * drip} sends one byte after another.
 */
final class ScriptedServer implements AutoCloseable {
  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<String> responses;
  private final List<Socket> open = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();

  ScriptedServer(List<String> responses) throws IOException {
    this.responses = responses;
    Thread thread = new Thread(this::serve, "scripted-server");
    thread.setDaemon(true);
    thread.start();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(socket.getLocalPort(), path));
  }

  int port() {
    return socket.getLocalPort();
  }

  /** The heads of the requests so far. */
  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  private void serve() {
    for (int i = 0; ; i++) {
      try {
        Socket connection = socket.accept();
        synchronized (this) {
          open.add(connection);
        }
        String response = responses.get(Math.min(i, responses.size() - 1));
        Thread thread = new Thread(() -> answer(connection, response), "scripted-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void answer(Socket connection, String response) {
    try {
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(connection.getInputStream(), ISO_8859_1));
      StringBuilder head = new StringBuilder();
      for (String line = reader.readLine();
          line != null && !line.isEmpty();
          line = reader.readLine()) {
        head.append(line).append('\n');
      }
      synchronized (this) {
        requests.add(head.toString());
      }
      OutputStream out = connection.getOutputStream();
      out.write(response.replaceFirst("(stall|drip)$", "").getBytes(ISO_8859_1));
      out.flush();
      if (response.endsWith("drip")) {
        for (int i = 0; i < 500; i++) {
          out.write('0');
          out.flush();
        }
      } else if (!response.endsWith("stall")) {
        connection.close();
      }
    } catch (IOException e) {
      // The client has closed the connection.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    synchronized (this) {
      for (Socket connection : open) {
        connection.close();
      }
    }
  }
}
