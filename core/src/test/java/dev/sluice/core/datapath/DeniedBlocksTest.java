package dev.sluice.core.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.datapath.DeniedBlocks.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeniedBlocksTest {

  private static List<Cidr> cidrs(String words) {
    return Arrays.stream(words.split(" ", -1)).map(Cidr::parse).toList();
  }

  private static String text(Range range) {
    return range.from() + "-" + range.to() + " " + range.block();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.0/8 | 10.0.0.0-10.255.255.255 10.0.0.0/8",
        "10.0.0.1/32 | 10.0.0.1-10.0.0.1 10.0.0.1/32",
        "0.0.0.0/0 | 0.0.0.0-255.255.255.255 0.0.0.0/0",
        // the first, the last and the middle of another
        "10.0.0.0/8 10.0.0.0/16 | 10.0.0.0-10.0.255.255 10.0.0.0/16, 10.1.0.0-10.255.255.255 10.0.0.0/8",
        "10.0.0.0/8 10.255.0.0/16 | 10.0.0.0-10.254.255.255 10.0.0.0/8, 10.255.0.0-10.255.255.255 10.255.0.0/16",
        "10.1.0.0/16 10.0.0.0/8 | 10.0.0.0-10.0.255.255 10.0.0.0/8, 10.1.0.0-10.1.255.255 10.1.0.0/16, 10.2.0.0-10.255.255.255 10.0.0.0/8",
        // nothing is left of the outer one
        "10.0.0.0/8 10.0.0.0/9 10.128.0.0/9 | 10.0.0.0-10.127.255.255 10.0.0.0/9, 10.128.0.0-10.255.255.255 10.128.0.0/9",
        // to the last address that there is
        "0.0.0.0/0 255.255.255.255/32 | 0.0.0.0-255.255.255.254 0.0.0.0/0, 255.255.255.255-255.255.255.255 255.255.255.255/32",
        "::/0 ffff::/16 | ::-fffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff ::/0, ffff::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff::/16"
      })
  void eachRangeIsOfTheMostSpecificBlock(String blocks, String ranges) {
    assertThat(DeniedBlocks.ranges(cidrs(blocks)).stream().map(DeniedBlocksTest::text))
        .containsExactly(ranges.split(", ", -1));
  }

  @Test
  void aSourceIsInTheRangeOfItsLongestPrefix() {
    Random random = new Random(21324);
    for (int round = 0; round < 200; round++) {
      Set<Cidr> blocks = new HashSet<>();
      for (int i = 0; i < 12; i++) {
        int prefix = 24 + random.nextInt(9);
        blocks.add(new Cidr(address(random).mask(prefix), prefix));
      }
      List<Range> ranges = DeniedBlocks.ranges(new ArrayList<>(blocks));
      for (int i = 0; i < 50; i++) {
        IpAddress source = address(random);
        Optional<Cidr> longest =
            blocks.stream()
                .filter(b -> b.contains(source))
                .max(Comparator.comparingInt(Cidr::prefix));
        List<Cidr> found =
            ranges.stream()
                .filter(r -> r.from().compareTo(source) <= 0 && source.compareTo(r.to()) <= 0)
                .map(Range::block)
                .toList();
        assertThat(found).as("%s in %s", source, blocks).isEqualTo(longest.stream().toList());
      }
    }
  }

  private static IpAddress address(Random random) {
    return IpAddress.parse("10.0.0.0").plus(random.nextInt(512));
  }
}
