package dev.retrain.dataset.split;

import java.util.HashMap;
import java.util.Map;

/** Union-find: joins elements that belong together. */
public final class Components<T> {
  private final Map<T, T> parents = new HashMap<>();

  /** The representative of everything that is joined with a thing. */
  public T find(T thing) {
    T root = thing;
    for (T parent = parents.get(root); parent != null; parent = parents.get(root)) {
      root = parent;
    }
    // Shortens the path, so that long chains are walked once.
    T one = thing;
    while (!one.equals(root)) {
      T next = parents.put(one, root);
      one = next;
    }
    return root;
  }

  /** Joins two things, and all that is joined with them. */
  public void join(T one, T other) {
    T root = find(one);
    T otherRoot = find(other);
    if (!root.equals(otherRoot)) {
      parents.put(otherRoot, root);
    }
  }
}
