package dev.retrain.util;

import org.tensorflow.proto.ConfigProto;

/** Configurations of TensorFlow sessions. */
public final class SessionConfigs {
  /** A session that computes on the calling thread only; several threads may call it at once. */
  public static final ConfigProto SINGLE_THREADED =
      ConfigProto.newBuilder()
          .setIntraOpParallelismThreads(1)
          // A negative number: operations run on the calling thread.
          .setInterOpParallelismThreads(-1)
          .build();

  private SessionConfigs() {}
}
