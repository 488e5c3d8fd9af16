package dev.sluice.core.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.1.2,10.0.1.2",
    "FD00:0:0:1:0:0:0:2,fd00:0:0:1::2",
    "::,::",
    "::1,::1",
    "1::,1::",
    "2001:db8:0:0:1:0:0:1,2001:db8::1:0:0:1",
    "1:0:2:3:4:5:6:7,1:0:2:3:4:5:6:7",
    "::ffff:10.0.0.1,::ffff:a00:1",
  })
  void writesAsRfc5952Says(String text, String canonical) {
    assertThat(IpAddress.parse(text)).hasToString(canonical);
    assertThat(IpAddress.parse(canonical)).isEqualTo(IpAddress.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.2.3",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.4.5",
        ":",
        ":::",
        "1::2::3",
        "12345::",
        "fe80::1%eth0",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1.2.3.4::",
        "::1.2.3",
        "g::",
        "1:2:3:4:5:6:7::8",
        "host"
      })
  void refusesWhatIsNoAddress(String text) {
    assertThat(IpAddress.tryParse(text)).isEmpty();
  }

  @Property(tries = 2000)
  void readsWhatItWrites(@ForAll @Size(16) byte[] bytes) throws UnknownHostException {
    IpAddress ip = IpAddress.of(bytes);
    assertThat(IpAddress.parse(ip.toString())).isEqualTo(ip);
    // getByName turns a mapped address into IPv4; compare the others with the library's own
    // reading.
    InetAddress reference = InetAddress.getByName(ip.toString());
    if (reference.getAddress().length == 16) {
      assertThat(reference.getAddress()).isEqualTo(bytes);
    }
  }

  @Test
  void blocksContainAndOverlap() {
    Cidr block = Cidr.parse("10.0.0.0/23");
    assertThat(block.contains(IpAddress.parse("10.0.1.255"))).isTrue();
    assertThat(block.contains(IpAddress.parse("10.0.2.0"))).isFalse();
    assertThat(block.contains(IpAddress.parse("::"))).isFalse();
    assertThat(block.overlaps(Cidr.parse("10.0.1.0/24"))).isTrue();
    assertThat(Cidr.parse("10.0.1.0/24").overlaps(block)).isTrue();
    assertThat(block.overlaps(Cidr.parse("10.0.2.0/24"))).isFalse();
    assertThat(Cidr.any(false).contains(IpAddress.parse("fd00::1"))).isTrue();
    assertThat(Cidr.tryParse("10.0.0.1/24")).isEmpty();
    assertThat(Cidr.tryParse("10.0.0.0/33")).isEmpty();
    assertThatThrownBy(() -> new Cidr(IpAddress.parse("10.0.0.1"), 24))
        .hasMessageContaining("10.0.0.0/24");
  }

  @Test
  void addsWithinTheAddressSpace() {
    assertThat(IpAddress.parse("10.0.0.255").plus(1)).hasToString("10.0.1.0");
    assertThat(IpAddress.parse("fd00::ffff").plus(1)).hasToString("fd00::1:0");
    assertThat(IpAddress.parse("0.0.0.1").plus(-1)).hasToString("0.0.0.0");
    assertThatThrownBy(() -> IpAddress.parse("255.255.255.255").plus(1))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void derivedMacsAreLocalUnicastAndStable() {
    MacAddress mac = MacAddress.derive("machine", "topology", "endpoint", "eth0");
    assertThat(mac).isEqualTo(MacAddress.derive("machine", "topology", "endpoint", "eth0"));
    assertThat(mac).isNotEqualTo(MacAddress.derive("machine", "topology", "endpoint", "eth1"));
    assertThat(mac.isMulticast()).isFalse();
    assertThat(mac.bytes()[0] & 2).isEqualTo(2);
  }
}
