package dev.retrain.backbone.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;

/**
 * Runs a graph for several threads at the same time.
 *
 * <p>Usually in one session. TensorFlow's convolution with a fused addition, as in residual
 * networks, is not thread-safe, though: the kernel keeps the address of the summand in a field
 * ({@code fuse_add_src_} in {@code tensorflow/core/kernels/mkl/mkl_conv_ops.cc}, TensorFlow 2.18),
 * so that concurrent runs of a session crash or use each other's images. A graph that may contain
 * one gets a session for each concurrent run.
 *
 * <p>Owns its sessions, but not the graph; {@link #close()} frees them. Thread-safe.
 */
public final class SessionPool implements AutoCloseable {
  private static final Set<String> ADDITIONS = Set.of("Add", "AddV2", "AddN");
  private static final Set<String> CONVOLUTIONS =
      Set.of("Conv2D", "Conv3D", "DepthwiseConv2dNative");

  private final Graph graph;
  private final ConfigProto config;
  private final boolean shared;
  private final List<Session> sessions = new ArrayList<>();
  private final Deque<Session> idle = new ArrayDeque<>();

  /**
   * Opens the first session.
   *
   * @param graph the graph, complete
   * @param config of each session
   */
  public SessionPool(Graph graph, ConfigProto config) {
    this.graph = graph;
    this.config = config;
    shared = !mayFuseAdditions(graph);
    idle.push(open());
  }

  /** Whether TensorFlow may fuse a convolution with the addition of another tensor. */
  static boolean mayFuseAdditions(Graph graph) {
    boolean convolutions = false;
    boolean additions = false;
    for (Iterator<GraphOperation> all = graph.operations(); all.hasNext(); ) {
      GraphOperation operation = all.next();
      convolutions |= CONVOLUTIONS.contains(operation.type());
      additions |= ADDITIONS.contains(operation.type()) && addsTensors(operation);
    }
    return convolutions && additions;
  }

  /** Whether no summand is a constant, as a bias is. */
  private static boolean addsTensors(GraphOperation addition) {
    return addition.inputs().stream().map(Operand::op).noneMatch(op -> op.type().equals("Const"));
  }

  /**
   * Runs the graph.
   *
   * @param run runs the given session, on the calling thread
   * @return what it returns
   */
  public <T> T run(Function<Session, T> run) {
    if (shared) {
      return run.apply(idle.getFirst());
    }
    Session session = take();
    try {
      return run.apply(session);
    } finally {
      give(session);
    }
  }

  /** The number of sessions that were needed so far. */
  synchronized int size() {
    return sessions.size();
  }

  private synchronized Session take() {
    return idle.isEmpty() ? open() : idle.pop();
  }

  private synchronized void give(Session session) {
    idle.push(session);
  }

  private synchronized Session open() {
    Session session = new Session(graph, config);
    sessions.add(session);
    return session;
  }

  @Override
  public synchronized void close() {
    sessions.forEach(Session::close);
  }
}
