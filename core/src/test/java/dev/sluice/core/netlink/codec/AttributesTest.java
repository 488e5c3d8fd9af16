package dev.sluice.core.netlink.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AttributesTest {

  private static final AttributeNames NAMES = AttributeNames.of("X_", "FIRST", "SECOND");

  private static Attributes parse(byte[] bytes) {
    return Attributes.parse(ByteView.of(bytes), NAMES);
  }

  @Test
  void valuesOfEverySizeComeBack() {
    byte[] bytes =
        new AttributeWriter()
            .u8(1, 200)
            .u32(3, -2)
            .string(4, "größer")
            .nested(5, in -> in.u32(1, 5).nested(2, deeper -> deeper.string(1, "x")))
            .toBytes();
    Attributes attributes = parse(bytes);
    assertThat(attributes.u8(1)).hasValue(200);
    assertThat(attributes.i32(3)).hasValue(-2);
    assertThat(attributes.string(4)).contains("größer");
    assertThat(attributes.nested(5).orElseThrow().nested(2).orElseThrow().string(1)).contains("x");
    assertThat(attributes.u8(6)).isEmpty();
    AttributeWriter again = new AttributeWriter();
    attributes.writeTo(again);
    assertThat(again.toBytes()).isEqualTo(bytes);
  }

  @Test
  void theWriterGrows() {
    AttributeWriter writer = new AttributeWriter();
    for (int i = 0; i < 1000; i++) {
      writer.string(1, "number " + i);
    }
    assertThat(parse(writer.toBytes())).hasSize(1000);
    assertThatThrownBy(() -> writer.bytes(1, new byte[70_000]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void numbersInNetworkOrderAreTurned() {
    byte[] bytes =
        new AttributeWriter()
            .bytes(2 | Attribute.F_NET_BYTEORDER, new byte[] {1, 2, 3, 4})
            .toBytes();
    assertThat(parse(bytes).i32(2)).hasValue(0x01020304);
  }

  @Test
  void theLastOfTwoCounts() {
    assertThat(parse(new AttributeWriter().u32(1, 1).u32(1, 2).toBytes()).i32(1)).hasValue(2);
  }

  @Test
  void errorsNameTheAttribute() {
    Attributes attributes = parse(new AttributeWriter().u8(2, 1).toBytes());
    assertThatThrownBy(() -> attributes.i32(2))
        .isInstanceOf(NetlinkDecodeException.class)
        .hasMessage("X_SECOND of 1 bytes, not 4");
    byte[] tooLong = new AttributeWriter().u32(1, 1).toBytes();
    tooLong[0] = 9;
    assertThatThrownBy(() -> parse(tooLong))
        .isInstanceOf(NetlinkDecodeException.class)
        .hasMessage("X_FIRST of 9 bytes at 0 of 8");
    tooLong[0] = 3;
    tooLong[2] = 77;
    assertThatThrownBy(() -> parse(tooLong)).hasMessage("X_ attribute 77 of 3 bytes at 0 of 8");
  }
}
