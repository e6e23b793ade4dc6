package dev.retrain.util.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SerialWorkerTest {
  private final List<List<Integer>> taken = new ArrayList<>();

  @Test
  void itemsAreProcessedInOrder() {
    try (SerialWorker<Integer> conveyor =
        new SerialWorker<>("test", 3, i -> taken.add(List.copyOf(i)))) {
      IntStream.range(0, 1000).forEach(conveyor::put);
      conveyor.finish();
    }
    assertThat(taken.stream().flatMap(List::stream))
        .containsExactlyElementsOf(IntStream.range(0, 1000).boxed().toList());
    assertThat(taken).noneMatch(List::isEmpty);
  }

  @Test
  void accumulatedItemsAreProcessedTogether() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (SerialWorker<Integer> conveyor =
        new SerialWorker<>(
            "test",
            10,
            items -> {
              taken.add(List.copyOf(items));
              first.countDown();
              await(go);
            })) {
      conveyor.put(1);
      first.await();
      conveyor.put(2);
      conveyor.put(3);
      go.countDown();
      conveyor.finish();
    }
    assertThat(taken).containsExactly(List.of(1), List.of(2, 3));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void exceptionIsThrownWithoutBlocking() {
    assertFails(new IllegalStateException("the disk is full"));
  }

  @Test
  void errorIsThrownWithoutBlocking() {
    assertFails(new OutOfMemoryError("no room"));
  }

  private static void assertFails(Throwable failure) {
    try (SerialWorker<Integer> conveyor =
        new SerialWorker<>(
            "test",
            1,
            items -> {
              if (failure instanceof Error error) {
                throw error;
              }
              throw (RuntimeException) failure;
            })) {
      assertThatThrownBy(
              () -> {
                // More than there is room for.
                for (int i = 0; i < 1000; i++) {
                  conveyor.put(i);
                }
                conveyor.finish();
              })
          .isSameAs(failure);
      assertThatThrownBy(() -> conveyor.put(1)).isSameAs(failure);
      assertThatThrownBy(conveyor::finish).isSameAs(failure);
    }
  }
}
