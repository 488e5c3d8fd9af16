package dev.sluice.core.packet;

import dev.sluice.core.address.MacAddress;
import java.nio.ByteBuffer;

/** An Ethernet II frame without its check sequence, as a packet socket sees it (packet(7)). */
public record Ethernet(MacAddress destination, MacAddress source, Layer3 payload) {

  public static final MacAddress BROADCAST = MacAddress.parse("ff:ff:ff:ff:ff:ff");

  private static final int HEADER = 14;

  /** The bytes on the wire, not padded to the 60 that real Ethernet needs. */
  public byte[] encode() {
    byte[] body = payload.encode();
    return ByteBuffer.allocate(HEADER + body.length)
        .put(destination.bytes())
        .put(source.bytes())
        .putShort((short) payload.etherType())
        .put(body)
        .array();
  }

  /**
   * Reads a frame.
   *
   * @throws MalformedPacketException the frame, or a packet in it, is not well formed
   */
  public static Ethernet decode(byte[] frame) {
    PacketReader in = new PacketReader("Ethernet", frame);
    MacAddress destination = in.mac();
    MacAddress source = in.mac();
    int etherType = in.u16();
    return new Ethernet(destination, source, Layer3.decode(etherType, in.rest()));
  }
}
