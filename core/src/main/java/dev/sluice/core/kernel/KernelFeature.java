package dev.sluice.core.kernel;

/**
 * What a kernel may or may not have. Probed, never guessed from a version; the version and the
 * option are for people.
 */
public enum KernelFeature {
  NETWORK_NAMESPACES("network namespaces", "CONFIG_NET_NS", "2.6.29"),
  VETH("veth pairs", "CONFIG_VETH", "2.6.24"),
  MACVLAN("macvlan devices", "CONFIG_MACVLAN", "2.6.23"),
  IPVLAN("ipvlan devices", "CONFIG_IPVLAN", "3.19"),
  BRIDGE("bridges", "CONFIG_BRIDGE", "2.2"),
  IPV6("IPv6", "CONFIG_IPV6", "2.6.12"),
  POLICY_ROUTING(
      "routing rules", "CONFIG_IP_MULTIPLE_TABLES and CONFIG_IPV6_MULTIPLE_TABLES", "2.2"),
  ADDRESS_PROTOCOL("addresses with a protocol mark (IFA_PROTO)", "no option", "5.18"),
  IPV6_FORCE_FORWARDING("IPv6 forwarding per interface (force_forwarding)", "CONFIG_IPV6", "6.17"),
  NFTABLES_DEVICE(
      "nftables at both ways of a device",
      "CONFIG_NF_TABLES_NETDEV and CONFIG_NETFILTER_EGRESS",
      "5.16"),
  NFTABLES_CONNTRACK(
      "nftables with connection tracking",
      "CONFIG_NF_TABLES_INET, CONFIG_NFT_CT and CONFIG_NF_CONNTRACK_MARK",
      "3.14"),
  NFTABLES_NAT(
      "nftables with address translation",
      "CONFIG_NFT_NAT, CONFIG_NFT_MASQ and CONFIG_NFT_FIB_INET",
      "5.2"),
  BRIDGE_NETFILTER("netfilter for bridged frames (br_netfilter)", "CONFIG_BRIDGE_NETFILTER", "5.3"),
  BPF("BPF programs, and leave to load them (bpf(2))", "CONFIG_BPF_SYSCALL", "4.1"),
  BPF_JIT(
      "BPF programs compiled to machine code (net.core.bpf_jit_enable=1)", "CONFIG_BPF_JIT", "4.1"),
  BPF_TCX("BPF programs at devices by links (TCX)", "CONFIG_NET_XGRESS", "6.6"),
  BPF_CLSACT(
      "BPF programs at devices by filters (clsact)",
      "CONFIG_NET_SCH_INGRESS and CONFIG_NET_CLS_BPF",
      "4.5"),
  BPF_REDIRECT_PEER("handing packets to a link's peer (bpf_redirect_peer)", "no option", "5.10"),
  BPF_READ_KERNEL(
      "BPF programs that read the kernel (bpf_probe_read_kernel)",
      "CONFIG_BPF_EVENTS, and no lockdown=confidentiality",
      "5.8"),
  BTF("descriptions of the kernel's types (BTF)", "CONFIG_DEBUG_INFO_BTF", "5.4"),
  NETKIT("netkit devices that tell of IFLA_NETKIT_SCRUB", "CONFIG_NETKIT", "6.12");

  private final String title;
  private final String configOption;
  private final String since;

  KernelFeature(String title, String configOption, String since) {
    this.title = title;
    this.configOption = configOption;
    this.since = since;
  }

  public String title() {
    return title;
  }

  /** The kernel's build option that gives it. */
  public String configOption() {
    return configOption;
  }

  /** The first kernel release that can have it. */
  public String since() {
    return since;
  }

  /** One sentence for an error: what lacks, and what would give it. */
  public String lack() {
    return "the kernel lacks %s: %s, since Linux %s".formatted(title, configOption, since);
  }
}
