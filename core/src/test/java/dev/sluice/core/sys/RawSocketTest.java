package dev.sluice.core.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.netlink.route.AddressRequests;
import dev.sluice.core.netlink.route.LinkChange;
import dev.sluice.core.netlink.route.LinkRequests;
import dev.sluice.core.netlink.route.NewLink;
import dev.sluice.core.netlink.route.NewRoute;
import dev.sluice.core.netlink.route.RouteRequests;
import dev.sluice.core.netlink.route.RouteSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Packets over a veth pair between two namespaces. */
class RawSocketTest {

  private static final int PROTOCOL = 253;
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final byte[] DATA = "sluice".getBytes(StandardCharsets.US_ASCII);

  private final Netns[] ends = {Netns.create(), Netns.create()};
  private final int[] index = new int[2];

  private void connect() {
    try (RouteSocket first = ends[0].call(RouteSocket::open)) {
      first.executeAll(
          LinkRequests.addVeth(
              NewLink.named("v0").withMac(mac(0)),
              NewLink.named("v1").withMac(mac(1)).inNetns(ends[1].fd())));
    }
    for (int i = 0; i < 2; i++) {
      try (RouteSocket socket = ends[i].call(RouteSocket::open)) {
        index[i] = socket.link("v" + i).orElseThrow().index();
        for (boolean v6 : new boolean[] {false, true}) {
          socket.executeAll(
              AddressRequests.add(
                  new AddressRequests.NewAddress(
                      index[i], ip(v6, i), v6 ? 64 : 24, AddressRequests.QUIET, 0)));
        }
        socket.executeAll(
            LinkRequests.change(LinkChange.of(index[i]).up()),
            RouteRequests.add(NewRoute.onLink(Cidr.parse("10.0.0.0/24"), index[i])),
            RouteRequests.add(NewRoute.onLink(Cidr.parse("fd00::/64"), index[i])));
      }
    }
  }

  /** The first end comes up a little later than the second, and loses frames until then. */
  @BeforeEach
  void bringUp() throws InterruptedException {
    connect();
    for (int i = 0; i < 2; i++) {
      try (RouteSocket socket = ends[i].call(RouteSocket::open)) {
        for (int tries = 0; socket.link("v" + i).orElseThrow().operState() != 6; tries++) {
          assertThat(tries).isLessThan(500);
          Thread.sleep(10);
        }
      }
    }
  }

  @AfterEach
  void close() {
    ends[0].close();
    ends[1].close();
  }

  private static MacAddress mac(int end) {
    return MacAddress.of(new byte[] {2, 0, 0, 0, 0, (byte) (1 + end)});
  }

  private static IpAddress ip(boolean v6, int end) {
    return IpAddress.parse(v6 ? "fd00::1" : "10.0.0.1").plus(end);
  }

  @Test
  void aPayloadArrivesWithItsSender() {
    for (boolean v6 : new boolean[] {false, true}) {
      try (RawSocket from = ends[0].call(() -> RawSocket.ip(v6, PROTOCOL, false));
          RawSocket to = ends[1].call(() -> RawSocket.ip(v6, PROTOCOL, false))) {
        assertThat(to.receive(Duration.ZERO)).isEmpty();
        assertThat(from.sendTo(DATA, ip(v6, 1))).isEqualTo(DATA.length);
        Received received = to.receive(SOON).orElseThrow();
        assertThat(received.source()).isEqualTo(new Received.Ip(ip(v6, 0)));
        byte[] data = received.data();
        assertThat(Arrays.copyOfRange(data, v6 ? 0 : 20, data.length)).isEqualTo(DATA);
      }
    }
  }

  @Test
  void theSenderMayBeForgedWithAHeaderOfItsOwn() {
    // Version 4, length 26, TTL 64, protocol 253, from 10.0.0.77 to 10.0.0.2, "sluice".
    byte[] v4 =
        HexFormat.of().parseHex("4500001a0000000040fd00000a00004d0a000002" + "736c75696365");
    // Version 6, payload of 6, next header 253, hop limit 64, from fd00::4d to fd00::2.
    byte[] v6 =
        HexFormat.of()
            .parseHex(
                "600000000006fd40"
                    + "fd00000000000000000000000000004d"
                    + "fd000000000000000000000000000002"
                    + "736c75696365");
    for (byte[] packet : new byte[][] {v4, v6}) {
      boolean six = packet == v6;
      try (RawSocket from = ends[0].call(() -> RawSocket.ip(six, PROTOCOL, true));
          RawSocket to = ends[1].call(() -> RawSocket.ip(six, PROTOCOL, false))) {
        from.sendTo(packet, ip(six, 1));
        assertThat(to.receive(SOON).orElseThrow().source())
            .isEqualTo(new Received.Ip(IpAddress.parse(six ? "fd00::4d" : "10.0.0.77")));
      }
    }
  }

  @Test
  void aPacketSocketSendsAndSeesFrames() {
    int etherType = 0x88b5;
    byte[] frame = new byte[60];
    System.arraycopy(mac(1).bytes(), 0, frame, 0, 6);
    System.arraycopy(mac(0).bytes(), 0, frame, 6, 6);
    frame[12] = (byte) 0x88;
    frame[13] = (byte) 0xb5;
    try (RawSocket from = ends[0].call(() -> RawSocket.packet(index[0], etherType));
        RawSocket to = ends[1].call(() -> RawSocket.packet(index[1], etherType))) {
      assertThat(from.sendTo(frame, index[0])).isEqualTo(frame.length);
      Received received = to.receive(SOON).orElseThrow();
      assertThat(received.data()).isEqualTo(frame);
      assertThat(received.source())
          .isEqualTo(new Received.Link(index[1], etherType, Received.Link.HOST));
      assertThat(to.receive(Duration.ofMillis(20))).isEqualTo(Optional.empty());
    }
  }
}
