package dev.sluice.bench.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.stats.Schedule.Slot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static final List<Integer> BOTH = List.of(0, 1);

  private static List<Slot> rounds(Schedule schedule, List<Integer> open) {
    return IntStream.range(0, 20).boxed().flatMap(r -> schedule.round(r, open).stream()).toList();
  }

  @Test
  void everyRoundMeasuresEachPairOnceAndInOneRun() {
    Schedule schedule = new Schedule(1, 2, 4);
    for (int i = -3; i < 20; i++) {
      List<Slot> round = schedule.round(i, BOTH);
      assertThat(round).hasSize(8).doesNotHaveDuplicates();
      assertThat(round.subList(0, 4))
          .extracting(Slot::workload)
          .containsOnly(round.get(0).workload());
      assertThat(round.subList(4, 8))
          .extracting(Slot::workload)
          .containsOnly(round.get(4).workload());
    }
  }

  @Test
  void theSeedDecidesTheOrder() {
    assertThat(rounds(new Schedule(1, 2, 4), BOTH)).isEqualTo(rounds(new Schedule(1, 2, 4), BOTH));
    assertThat(rounds(new Schedule(1, 2, 4), BOTH))
        .isNotEqualTo(rounds(new Schedule(2, 2, 4), BOTH));
  }

  @Test
  void workloadsThatAreDoneLeaveTheOrderOfTheOthersAlone() {
    Schedule schedule = new Schedule(1, 2, 4);
    List<Slot> withoutTheOther =
        rounds(schedule, BOTH).stream().filter(slot -> slot.workload() == 1).toList();
    assertThat(rounds(schedule, List.of(1))).isEqualTo(withoutTheOther);
    assertThat(schedule.round(0, List.of())).isEmpty();
  }

  @Test
  void roundsDifferInTheirOrder() {
    Schedule schedule = new Schedule(1, 1, 4);
    Set<List<Integer>> orders = new HashSet<>();
    for (int i = -5; i < 15; i++) {
      orders.add(schedule.round(i, List.of(0)).stream().map(Slot::candidate).toList());
    }
    assertThat(orders).hasSizeGreaterThan(8);
  }

  @Test
  void everyCandidateComesFirstAboutAsOften() {
    Schedule schedule = new Schedule(3, 1, 4);
    for (int candidate = 0; candidate < 4; candidate++) {
      int wanted = candidate;
      long first =
          IntStream.range(0, 2000)
              .filter(r -> schedule.round(r, List.of(0)).get(0).candidate() == wanted)
              .count();
      assertThat(first).isBetween(400L, 600L);
    }
  }
}
