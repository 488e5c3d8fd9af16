package dev.sluice.bench.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.stats.Schedule.Slot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  @Test
  void everyRoundMeasuresEachPairOnceAndInOneRun() {
    Schedule schedule = Schedule.of(1, 4, 2, 3, 20);
    assertThat(schedule.slots()).hasSize(4 * 2 * 23).doesNotHaveDuplicates();
    for (int start = 0; start < schedule.slots().size(); start += 8) {
      List<Slot> round = schedule.slots().subList(start, start + 8);
      assertThat(round).extracting(Slot::round).containsOnly(round.get(0).round());
      assertThat(round.subList(0, 4))
          .extracting(Slot::workload)
          .containsOnly(round.get(0).workload());
      assertThat(round.subList(4, 8))
          .extracting(Slot::workload)
          .containsOnly(round.get(4).workload());
    }
  }

  @Test
  void warmUpComesFirst() {
    List<Slot> slots = Schedule.of(1, 2, 1, 2, 3).slots();
    assertThat(slots.subList(0, 4)).allMatch(Slot::warmUp);
    assertThat(slots.subList(4, 10)).noneMatch(Slot::warmUp);
    assertThat(slots.get(4).round()).isZero();
  }

  @Test
  void theSeedDecidesTheOrder() {
    assertThat(Schedule.of(1, 4, 2, 1, 20)).isEqualTo(Schedule.of(1, 4, 2, 1, 20));
    assertThat(Schedule.of(1, 4, 2, 1, 20)).isNotEqualTo(Schedule.of(2, 4, 2, 1, 20));
  }

  @Test
  void roundsDifferInTheirOrder() {
    List<Slot> slots = Schedule.of(1, 4, 1, 0, 20).slots();
    Set<List<Integer>> orders = new HashSet<>();
    for (int start = 0; start < slots.size(); start += 4) {
      orders.add(
          slots.subList(start, start + 4).stream()
              .map(Slot::candidate)
              .collect(Collectors.toList()));
    }
    assertThat(orders).hasSizeGreaterThan(5);
  }
}
