package dev.retrain.util;

import org.tensorflow.proto.ConfigProto;

/** TensorFlow sessions that compute on the thread that calls them, and on no other. */
public final class SessionConfigs {
  /** What such a session is opened with; several threads may call it at once. */
  public static final ConfigProto ALONE =
      ConfigProto.newBuilder()
          .setIntraOpParallelismThreads(1)
          // A negative number of threads between operations means none but the caller's.
          .setInterOpParallelismThreads(-1)
          .build();

  private SessionConfigs() {}
}
