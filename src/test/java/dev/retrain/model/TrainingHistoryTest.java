package dev.retrain.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.retrain.training.Evaluation;
import dev.retrain.util.Json;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainingHistoryTest {
  @Test
  void fewEvaluationsAreAllRecorded() throws JsonProcessingException {
    List<Evaluation> evaluations = evaluations(200);

    TrainingHistory history = TrainingHistory.of(evaluations, evaluations.get(150));

    String json = Json.mapper().writeValueAsString(history);
    assertThat(json).contains("\"validation_accuracy\":[");
    assertThat(Json.mapper().readValue(json, TrainingHistory.class).evaluations())
        .isEqualTo(evaluations);
  }

  @Test
  void bestAndLastOfManyEvaluationsAreRecorded() {
    List<Evaluation> evaluations = evaluations(25_001);
    Evaluation best = evaluations.get(12_345);

    List<Evaluation> kept = TrainingHistory.of(evaluations, best).evaluations();

    assertThat(kept).hasSizeBetween(900, 1001).contains(best).endsWith(evaluations.get(25_000));
    assertThat(kept).isSortedAccordingTo((a, b) -> a.iteration() - b.iteration());
  }

  @Test
  void columnsOfDifferentLengthsAreRejected() {
    assertThatThrownBy(
            () ->
                new TrainingHistory(
                    List.of(1, 2), List.of(0.5), List.of(1.0), List.of(0.5), List.of(1.0)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<Evaluation> evaluations(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> new Evaluation(i, 1 - 1.0 / i, 1.0 / i, 1 - 2.0 / i, 2.0 / i))
        .toList();
  }
}
