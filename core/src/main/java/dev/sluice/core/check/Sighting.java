package dev.sluice.core.check;

import dev.sluice.core.address.IpAddress;

/** What a received packet says of a probe, which it names by its number in the run. */
sealed interface Sighting {

  int probe();

  /**
   * It is the probe itself.
   *
   * @param source the sender that it bears
   * @param size of the whole IP packet
   */
  record Arrived(int probe, IpAddress source, int size) implements Sighting {}

  /** It answers the probe. */
  record Answered(int probe, IpAddress source) implements Sighting {}

  /** It is an ICMP error about the probe, in words. */
  record Refused(int probe, String reason) implements Sighting {}
}
