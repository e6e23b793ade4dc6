package dev.retrain.backbone.savedmodel.variable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObjectGraph;
import org.tensorflow.proto.TrackableObjectGraphOuterClass.TrackableObjectGraph;
import org.tensorflow.proto.TrackableObjectGraphOuterClass.TrackableObjectGraph.TrackableObject.ObjectReference;

/**
 * The checkpoint keys of a SavedModel's objects. The SavedModel and its checkpoint each hold a
 * graph of objects; an object has the same path of names from the root in both. Their numbers
 * differ, and so do the variables that the SavedModel's own restore function fills, if Keras 3
 * wrote it.
 */
final class ObjectKeys {
  private static final String VALUE = "VARIABLE_VALUE";

  private record Pair(int saved, int checkpointed) {}

  private ObjectKeys() {}

  /** The keys of variables by their number in the SavedModel. */
  static Map<Integer, CheckpointKey> find(SavedObjectGraph saved, TrackableObjectGraph checkpoint) {
    Map<Integer, CheckpointKey> keys = new HashMap<>();
    if (saved.getNodesCount() == 0 || checkpoint.getNodesCount() == 0) {
      return keys;
    }
    Set<Pair> known = new HashSet<>();
    Deque<Pair> open = new ArrayDeque<>();
    Pair root = new Pair(0, 0);
    known.add(root);
    open.add(root);
    while (!open.isEmpty()) {
      Pair pair = open.remove();
      TrackableObjectGraph.TrackableObject object = checkpoint.getNodes(pair.checkpointed());
      object.getAttributesList().stream()
          .filter(attribute -> attribute.getName().equals(VALUE))
          .forEach(
              attribute ->
                  keys.putIfAbsent(
                      pair.saved(), new CheckpointKey(attribute.getCheckpointKey(), "")));
      Map<String, Integer> children = new HashMap<>();
      object.getChildrenList().forEach(c -> children.put(c.getLocalName(), c.getNodeId()));
      for (ObjectReference child : saved.getNodes(pair.saved()).getChildrenList()) {
        Integer other = children.get(child.getLocalName());
        if (other != null
            && isIndex(child.getNodeId(), saved.getNodesCount())
            && isIndex(other, checkpoint.getNodesCount())) {
          Pair next = new Pair(child.getNodeId(), other);
          if (known.add(next)) {
            open.add(next);
          }
        }
      }
    }
    return keys;
  }

  private static boolean isIndex(int number, int count) {
    return number >= 0 && number < count;
  }
}
