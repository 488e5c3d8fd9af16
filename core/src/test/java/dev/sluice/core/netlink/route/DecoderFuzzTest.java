package dev.sluice.core.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.sluice.core.netlink.Captured;
import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.codec.ErrorMessage;
import dev.sluice.core.netlink.codec.NetlinkDecodeException;
import dev.sluice.core.netlink.codec.NetlinkMessage;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * A million inputs, random ones and mutations of captured messages: whatever the bytes, decoding
 * them ends soon, and in values or in a {@link NetlinkDecodeException}.
 */
class DecoderFuzzTest {

  private static final int TRIES = 1_000;
  private static final int INPUTS = 1_000;
  private static final int[] TYPES = {
    NetlinkMessage.ERROR,
    NetlinkMessage.DONE,
    Rtnl.NEWLINK,
    Rtnl.NEWADDR,
    Rtnl.NEWROUTE,
    Rtnl.NEWNEIGH,
    Rtnl.NEWRULE,
    Rtnl.NEWTFILTER,
    88
  };

  private final List<byte[]> seeds = Captured.NAMES.stream().map(Captured::bytes).toList();
  private Random random = new Random();
  private int refused;

  @Property(tries = TRIES)
  void aThousandInputsOfEachSeed(@ForAll long seed) {
    random = new Random(seed);
    refused = 0;
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          for (int i = 0; i < INPUTS; i++) {
            decode(i % 4 == 0 ? noise() : mutation());
          }
        });
    // Both ends were reached: some inputs are messages still, and some are none.
    assertThat(refused).isBetween(INPUTS / 10, INPUTS * 9 / 10);
  }

  /** A sound header, and noise behind it. */
  private byte[] noise() {
    byte[] noise = new byte[random.nextInt(96)];
    random.nextBytes(noise);
    int type = TYPES[random.nextInt(TYPES.length)];
    return new NetlinkMessage(type, random.nextInt(0x1000), 1, 0, ByteView.of(noise)).toBytes();
  }

  private byte[] mutation() {
    byte[] seed = seeds.get(random.nextInt(seeds.size()));
    boolean cut = random.nextInt(4) == 0;
    byte[] out = Arrays.copyOf(seed, cut ? random.nextInt(seed.length + 1) : seed.length);
    for (int changes = random.nextInt(6); changes > 0 && out.length > 0; changes--) {
      // Headers are where it hurts.
      int at = random.nextInt(random.nextBoolean() ? out.length : Math.min(out.length, 64));
      out[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : out[at] ^ 1);
    }
    return out;
  }

  private void decode(byte[] input) {
    try {
      for (NetlinkMessage message : NetlinkMessage.parse(ByteView.of(input))) {
        touch(message);
      }
    } catch (NetlinkDecodeException expected) {
      refused++;
    } catch (RuntimeException e) {
      throw new AssertionError(HexFormat.of().formatHex(input), e);
    }
  }

  private static void touch(NetlinkMessage message) {
    ByteView payload = message.payload();
    LinkAttributes.NAMES.pathAt(payload, payload.length() / 2);
    switch (message.type()) {
      case NetlinkMessage.ERROR -> ErrorMessage.parseError(message);
      case NetlinkMessage.DONE -> ErrorMessage.parseDone(message);
      case Rtnl.NEWLINK -> touch(LinkMessage.parse(payload));
      case Rtnl.NEWADDR -> {
        AddressMessage address = AddressMessage.parse(payload);
        address.toBytes();
        address.ip();
        address.flags();
        address.protocol();
      }
      case Rtnl.NEWROUTE -> touch(RouteMessage.parse(payload));
      case Rtnl.NEWNEIGH -> {
        NeighbourMessage neighbour = NeighbourMessage.parse(payload);
        neighbour.toBytes();
        neighbour.ip();
        neighbour.mac();
        neighbour.protocol();
      }
      case Rtnl.NEWRULE -> {
        RuleMessage rule = RuleMessage.parse(payload);
        rule.toBytes();
        rule.priority();
        rule.inputLink();
        rule.table();
        rule.protocol();
      }
      case Rtnl.NEWTFILTER -> {
        FilterMessage filter = FilterMessage.parse(payload);
        filter.toBytes();
        filter.programId();
        filter.isDirect();
        filter.name();
      }
      default -> NsIdMessage.parse(payload).id();
    }
  }

  private static void touch(LinkMessage link) {
    link.toBytes();
    link.name();
    link.kind();
    link.mac();
    link.mtu();
    link.master();
    link.linkIndex();
    link.linkNetnsId();
    link.group();
    link.alias();
    link.operState();
  }

  private static void touch(RouteMessage route) {
    route.toBytes();
    route.table();
    route.destination();
    route.link();
    route.gateway();
    route.preferredSource();
    route.priority();
  }
}
