package dev.sluice.core.netlink.route;

import dev.sluice.core.netlink.Request.Layout;
import dev.sluice.core.netlink.codec.AttributeNames;
import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.Attributes;
import dev.sluice.core.netlink.codec.ByteView;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the kernel tells of a filter of traffic (RTM_NEWTFILTER: struct tcmsg and TCA_* attributes);
 * before those of one priority comes a message for the priority, with handle 0.
 *
 * @param index of the device
 * @param handle by which it is told from others of its priority
 * @param parent where it hooks: {@link #INGRESS}, {@link #EGRESS}, or a queueing discipline
 * @param info priority and protocol
 */
public record FilterMessage(
    int family, int index, int handle, int parent, int info, Attributes attributes) {

  /** The ingress of a device that has clsact (linux/pkt_sched.h). */
  public static final int INGRESS = 0xfffffff2;

  /** Its egress. */
  public static final int EGRESS = 0xfffffff3;

  /** The kind of filter that is a BPF program. */
  public static final String BPF = "bpf";

  static final int TCA_KIND = 1;
  static final int TCA_OPTIONS = 2;
  static final int TCA_BPF_FD = 6;
  static final int TCA_BPF_NAME = 7;
  static final int TCA_BPF_FLAGS = 8;
  static final int TCA_BPF_ID = 11;

  /** What the program returns is what becomes of the packet. */
  static final int ACT_DIRECT = 1;

  private static final AttributeNames NAMES =
      AttributeNames.of(
              "TCA_",
              "KIND",
              "OPTIONS",
              "STATS",
              "XSTATS",
              "RATE",
              "FCNT",
              "STATS2",
              "STAB",
              "PAD",
              "DUMP_INVISIBLE",
              "CHAIN",
              "HW_OFFLOAD",
              "INGRESS_BLOCK",
              "EGRESS_BLOCK",
              "DUMP_FLAGS",
              "EXT_WARN_MSG")
          .with(
              Map.of(
                  TCA_OPTIONS,
                  AttributeNames.of(
                      "TCA_BPF_",
                      "ACT",
                      "POLICE",
                      "CLASSID",
                      "OPS_LEN",
                      "OPS",
                      "FD",
                      "NAME",
                      "FLAGS",
                      "FLAGS_GEN",
                      "TAG",
                      "ID")));

  static final Layout LAYOUT = new Layout(20, NAMES);

  public static FilterMessage parse(ByteView payload) {
    return new FilterMessage(
        payload.u8(0),
        payload.i32(4),
        payload.i32(8),
        payload.i32(12),
        payload.i32(16),
        Attributes.parse(payload.from(LAYOUT.headerLength()), NAMES));
  }

  public byte[] toBytes() {
    AttributeWriter out = header(family, index, handle, parent, info);
    attributes.writeTo(out);
    return out.toBytes();
  }

  /** A struct tcmsg, for attributes to follow. */
  static AttributeWriter header(int family, int index, int handle, int parent, int info) {
    return new AttributeWriter()
        .header8(family)
        .header8(0)
        .header16(0)
        .header32(index)
        .header32(handle)
        .header32(parent)
        .header32(info);
  }

  /** Those of one device and hook are asked in ascending order. */
  public int priority() {
    return info >>> 16;
  }

  public Optional<String> kind() {
    return attributes.string(TCA_KIND);
  }

  /** The kernel's id of the program; empty: it is of another kind, or of an older sort of BPF. */
  public OptionalInt programId() {
    return bpf().map(options -> options.i32(TCA_BPF_ID)).orElse(OptionalInt.empty());
  }

  /** Whether what a program returns is what becomes of the packet. */
  public boolean isDirect() {
    return bpf().map(options -> options.i32(TCA_BPF_FLAGS).orElse(0)).orElse(0) == ACT_DIRECT;
  }

  /** What the program was called by who put it there. */
  public Optional<String> name() {
    return bpf().flatMap(options -> options.string(TCA_BPF_NAME));
  }

  private Optional<Attributes> bpf() {
    return kind().filter(BPF::equals).flatMap(kind -> attributes.nested(TCA_OPTIONS));
  }
}
